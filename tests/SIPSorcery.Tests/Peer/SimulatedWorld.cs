using SIPSorcery.Net;
using SIPSorcery.Net.Sctp;

namespace SIPSorcery.Tests.Peer;

/// <summary>
/// Two whole peers without sockets, joined by a network that loses, delays, reorders and doubles packets by a seeded
/// plan. Time is simulated; only while a DTLS handshake is under way does real time pass with it, since OpenSSL looks at
/// the machine's clock.
/// </summary>
internal sealed class SimulatedWorld : IDisposable
{
    private const int MostStepsAtOnce = 100_000;
    private readonly PriorityQueue<(byte[] Packet, NetAddress From, NetAddress To), (long At, long Order)> _network = new();
    private readonly Random _random;
    private long _order;

    public SimulatedWorld(int seed)
    {
        _random = new Random(seed);
        Alice = new SimulatedEnd(this, NetAddress.FromIPv4(0x0A000001, 1000), isOfferer: true, new Random(seed + 1));
        Bob = new SimulatedEnd(this, NetAddress.FromIPv4(0x0A000002, 2000), isOfferer: false, new Random(seed + 2));
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

    /// <summary>The certificate that Alice takes for Bob's, where it is not his.</summary>
    public RTCDtlsFingerprint? AliceExpects { get; init; }

    public RTCDtlsFingerprint? BobExpects { get; init; }

    public void Start()
    {
        Alice.Connect(Bob, AliceExpects ?? Bob.Certificate.Fingerprint);
        Bob.Connect(Alice, BobExpects ?? Alice.Certificate.Fingerprint);
    }

    /// <summary>Alice opens a channel, and both sides have it.</summary>
    public DataChannelCore OpenChannel()
    {
        Alice.Core.Data!.Open(new DataChannelSettings { Label = "test" }, Now);
        Alice.Settle();
        Assert.True(RunUntil(() => Alice.Channels.Count == 1 && Bob.Channels.Count == 1), "not open");
        return Alice.Channels[0];
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
        var (stoodSince, steps) = (Now, 0);
        while (!condition())
        {
            (stoodSince, steps) = stoodSince == Now ? (stoodSince, steps + 1) : (Now, 0);
            Assert.True(steps < MostStepsAtOnce, "what is due is not done");
            var arrival = _network.TryPeek(out _, out var next) ? next.At : long.MaxValue;
            var due = Math.Min(arrival, Math.Min(Alice.Core.NextTimeout, Bob.Core.NextTimeout));
            if (due > end)
            {
                Now = end;
                return condition();
            }

            WaitForDtls(due);
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

    private void WaitForDtls(long due)
    {
        if (due > Now && (HasTimer(Alice) || HasTimer(Bob)))
        {
            Thread.Sleep(TimeSpan.FromMicroseconds(due - Now));
        }

        static bool HasTimer(SimulatedEnd end) => end.Core.Dtls is { NextTimeout: not long.MaxValue };
    }
}
