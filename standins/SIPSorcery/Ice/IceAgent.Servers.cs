namespace SIPSorcery.Net;

// STUN servers that are asked how this socket looks from outside.
internal sealed partial class IceAgent
{
    private const int ServerAttempts = 6;

    private readonly List<Server> _servers = [];
    private bool _gathering;

    /// <summary>Asks a STUN server how this socket looks from outside.</summary>
    public void AddServer(NetAddress address, long now)
    {
        _servers.Add(new Server { Address = address, NextAt = now });
        _gathering = true;
        Schedule(now);
    }

    private void AskServers(long now)
    {
        if (!_gathering)
        {
            return;
        }

        foreach (var server in _servers)
        {
            if (server.Done || server.NextAt > now)
            {
                continue;
            }

            if (server.Attempts >= ServerAttempts)
            {
                server.Done = true;
                continue;
            }

            server.Transaction = server.Attempts == 0
                ? new StunTransaction(_tag, unchecked((ulong)_random.NextInt64()))
                : server.Transaction;
            server.NextAt = now + (200_000L << server.Attempts);
            server.Attempts++;
            var packet = Rent();
            var writer = new StunWriter(packet, StunType.Request, server.Transaction);
            Send(packet, writer.Finish([]), server.Address);
        }

        if (_servers.TrueForAll(server => server.Done))
        {
            _gathering = false;
            _events.Enqueue(new IceEvent(IceEventKind.GatheringDone, State, default));
        }
    }

    private sealed class Server
    {
        public NetAddress Address { get; init; }

        public StunTransaction Transaction { get; set; }

        public long NextAt { get; set; }

        public int Attempts { get; set; }

        public bool Done { get; set; }
    }
}
