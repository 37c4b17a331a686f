using SIPSorcery.Net;

namespace SIPSorcery.Tests.Peer;

/// <summary>
/// Two whole peers without sockets, joined by a network that loses, delays, reorders and doubles packets by a seeded
/// plan. Time is simulated; only while DTLS waits to send again does real time have to pass, since OpenSSL looks at
/// the machine's clock.
/// </summary>
internal sealed class SimulatedWorld : IDisposable
{
    private readonly PriorityQueue<(byte[] Packet, NetAddress From, NetAddress To), (long At, long Order)> _network = new();
    private readonly Random _random;
    private long _order;

    public SimulatedWorld(int seed, RTCDtlsFingerprint? falseFingerprint = null)
    {
        _random = new Random(seed);
        Alice = new SimulatedEnd(this, NetAddress.FromIPv4(0x0A000001, 1000), isOfferer: true, new Random(seed + 1));
        Bob = new SimulatedEnd(this, NetAddress.FromIPv4(0x0A000002, 2000), isOfferer: false, new Random(seed + 2));
        FalseFingerprint = falseFingerprint;
    }

    public SimulatedEnd Alice { get; }

    public SimulatedEnd Bob { get; }

    public long Now { get; private set; } = 1_000_000;

    public double Loss { get; set; }

    public double Doubling { get; set; }

    public long Delay { get; set; } = 5_000;

    public long Jitter { get; set; }

    public bool IsDark { get; set; }

    public long Delivered { get; private set; }

    /// <summary>Sees each packet on its way; false swallows it.</summary>
    public Func<byte[], NetAddress, bool>? Tap { get; set; }

    public RTCDtlsFingerprint? FalseFingerprint { get; }

    public void Start()
    {
        Alice.Connect(Bob, FalseFingerprint ?? Bob.Certificate.Fingerprint);
        Bob.Connect(Alice, Alice.Certificate.Fingerprint);
    }

    public void Send(ReadOnlySpan<byte> packet, NetAddress from, NetAddress to)
    {
        var copy = packet.ToArray();
        if (IsDark || (Tap is not null && !Tap(copy, from)) || _random.NextDouble() < Loss)
        {
            return;
        }

        var copies = _random.NextDouble() < Doubling ? 2 : 1;
        for (var number = 0; number < copies; number++)
        {
            var at = Now + Delay + (Jitter == 0 ? 0 : _random.NextInt64(Jitter));
            _network.Enqueue((copy.ToArray(), from, to), (at, _order++));
        }
    }

    /// <summary>Puts a packet of nobody's into the network.</summary>
    public void Inject(byte[] packet, NetAddress from, NetAddress to) => _network.Enqueue((packet, from, to), (Now, _order++));

    /// <summary>Lets time pass until the condition holds; false when it does not within the limit.</summary>
    public bool RunUntil(Func<bool> condition, long limit = 30_000_000)
    {
        var end = Now + limit;
        while (!condition())
        {
            var arrival = _network.TryPeek(out _, out var next) ? next.At : long.MaxValue;
            var due = Math.Min(arrival, Math.Min(Alice.Core.NextTimeout, Bob.Core.NextTimeout));
            if (due > end)
            {
                Now = end;
                return condition();
            }

            WaitForDtls(Alice, due);
            WaitForDtls(Bob, due);
            Now = Math.Max(Now, due);
            if (arrival <= Now)
            {
                var (packet, from, to) = _network.Dequeue();
                Delivered++;
                (to == Alice.Address ? Alice : to == Bob.Address ? Bob : null)?.Receive(packet, from);
            }
            else
            {
                Alice.RunDue();
                Bob.RunDue();
            }
        }

        return true;
    }

    public void Run(long time) => RunUntil(() => false, time);

    public void Dispose()
    {
        Alice.Core.Dispose();
        Bob.Core.Dispose();
    }

    private void WaitForDtls(SimulatedEnd end, long due)
    {
        if (end.Core.Dtls?.NextTimeout <= due && due > Now)
        {
            Thread.Sleep(TimeSpan.FromMicroseconds(Math.Min(due - Now, 200_000)));
        }
    }
}
