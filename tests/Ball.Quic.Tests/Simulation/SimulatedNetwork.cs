using Ball.Quic.Connections;
using Ball.Quic.Endpoint;

namespace Ball.Quic.Tests.Simulation;

/// <summary>
/// A client, a server and a network between them, in one thread and in simulated time. The seed decides what is lost,
/// doubled and delayed.
/// </summary>
sealed class SimulatedNetwork
{
    private static readonly PeerAddress s_serverAddress = new(1, 443);

    private readonly Random _random;
    private readonly PriorityQueue<Flight, (long, long)> _flights = new();
    private readonly byte[] _buffer = new byte[Connection.MaxDatagram];
    private long _sequence;

    public SimulatedNetwork(int seed, ConnectionOptions? options = null, EndpointOptions? endpoint = null)
    {
        _random = new Random(seed);
        options ??= new ConnectionOptions();
        Endpoint = new ServerEndpoint(
            (endpoint ?? new EndpointOptions()) with { Connection = options }, () => new FakeHandshake(isServer: true));
        Client = Connection.Connect(options, new FakeHandshake(isServer: false), new ClientEndpoint(), s_serverAddress, Now);
    }

    public long Now { get; private set; } = 1_000_000;

    public Connection Client { get; }

    public Connection? Server { get; private set; }

    public ServerEndpoint Endpoint { get; }

    public PeerAddress ClientAddress { get; set; } = new(2, 5000);

    public double Loss { get; set; }

    public double Duplication { get; set; }

    public long Delay { get; set; } = 10_000;

    public long Jitter { get; set; }

    /// <summary>Datagrams to this address vanish.</summary>
    public PeerAddress? BlackHole { get; set; }

    /// <summary>Called at every step; for reading and writing.</summary>
    public Action? Work { get; set; }

    /// <summary>
    /// Sees every datagram before it flies, and may change it: whether it comes from the client, and its bytes.
    /// </summary>
    public Action<bool, byte[]>? Tap { get; set; }

    /// <summary>The same for what the server answers without a connection.</summary>
    public Action<byte[]>? TapAnswers { get; set; }

    public List<ConnectionEvent> ClientEvents { get; } = [];

    public List<ConnectionEvent> ServerEvents { get; } = [];

    public long ToServer { get; private set; }

    public long ToClient { get; private set; }

    /// <summary>Lets time pass until the condition holds; says whether it did in time.</summary>
    public bool Run(Func<bool> until, long forMicros = 60_000_000)
    {
        long end = Now + forMicros;
        Settle();
        while (!until())
        {
            long next = Math.Min(Client.NextTimeout, Server?.NextTimeout ?? long.MaxValue);
            if (_flights.TryPeek(out _, out var arrival))
                next = Math.Min(next, arrival.Item1);
            if (next > end)
            {
                Now = end;
                return until();
            }

            Now = Math.Max(Now + 1, next);
            while (_flights.TryPeek(out var flight, out var due) && due.Item1 <= Now)
            {
                _flights.Dequeue();
                Deliver(flight);
            }

            if (Client.NextTimeout <= Now)
                Client.OnTimeout(Now);
            if (Server is not null && Server.NextTimeout <= Now)
                Server.OnTimeout(Now);
            Settle();
        }

        return true;
    }

    /// <summary>Puts a datagram of anybody into the network.</summary>
    public void Inject(byte[] datagram, bool toServer, PeerAddress from) =>
        _flights.Enqueue(new Flight(datagram, toServer, from), (Now + Delay, _sequence++));

    public void Settle()
    {
        Work?.Invoke();
        Drain(Client, ClientEvents);
        Send(Client, fromClient: true);
        if (Server is null)
            return;
        Drain(Server, ServerEvents);
        Send(Server, fromClient: false);
    }

    private static void Drain(Connection connection, List<ConnectionEvent> events)
    {
        while (connection.TryTakeEvent(out var next))
            events.Add(next);
    }

    private void Send(Connection connection, bool fromClient)
    {
        while (connection.TrySend(_buffer, Now, out int length, out var to))
        {
            var datagram = _buffer[..length];
            Tap?.Invoke(fromClient, datagram);
            if (fromClient)
                ToServer += length;
            else
                ToClient += length;
            if (to == BlackHole || (!fromClient && to != ClientAddress))
                continue;
            for (int copies = _random.NextDouble() < Duplication ? 2 : 1; copies > 0; copies--)
            {
                if (_random.NextDouble() < Loss)
                    continue;
                long arrival = Now + Delay + (Jitter > 0 ? _random.NextInt64(Jitter) : 0);
                _flights.Enqueue(new Flight([.. datagram], fromClient, ClientAddress), (arrival, _sequence++));
            }
        }
    }

    private void Deliver(Flight flight)
    {
        if (!flight.ToServer)
        {
            Client.Receive(flight.Datagram, s_serverAddress, Now);
            return;
        }

        var answer = new byte[ServerEndpoint.MaxAnswer];
        var connection = Endpoint.Route(flight.Datagram, flight.From, Now, answer, out int length);
        if (connection is not null)
        {
            Server ??= connection;
            connection.Receive(flight.Datagram, flight.From, Now);
        }
        else if (length > 0 && flight.From == ClientAddress)
        {
            TapAnswers?.Invoke(answer);
            _flights.Enqueue(new Flight(answer[..length], false, s_serverAddress), (Now + Delay, _sequence++));
        }
    }

    private sealed record Flight(byte[] Datagram, bool ToServer, PeerAddress From);
}
