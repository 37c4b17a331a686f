using SIPSorcery.Net.Sctp;

namespace SIPSorcery.Tests.Sctp;

/// <summary>What the wire between two associations does to packets. Times are microseconds.</summary>
internal sealed record Wire(
    double Loss = 0,
    double Duplication = 0,
    long Delay = 1_000,
    long Jitter = 0,
    long BlackoutFrom = long.MaxValue,
    long BlackoutTo = long.MaxValue);

/// <summary>Two associations on a simulated wire with virtual time, everything from one seed.</summary>
internal sealed class SimulatedPair
{
    private readonly Random _random;
    private readonly Wire _wire;
    private readonly PriorityQueue<(bool ToA, byte[] Packet), (long At, long Order)> _inFlight = new();
    private readonly byte[] _buffer = new byte[65536];
    private long _order;

    public SimulatedPair(int seed, Wire? wire = null, SctpOptions? options = null, SctpOptions? optionsB = null)
    {
        _random = new Random(seed);
        _wire = wire ?? new Wire();
        options ??= new SctpOptions();
        A = new SctpAssociation(options with { Random = Seeded(seed * 2 + 1) });
        B = new SctpAssociation((optionsB ?? options) with { Random = Seeded(seed * 2 + 2) });
    }

    public SctpAssociation A { get; set; }

    public SctpAssociation B { get; set; }

    public long Now { get; set; } = 1_000_000;

    public List<SctpEvent> EventsA { get; } = [];

    public List<SctpEvent> EventsB { get; } = [];

    /// <summary>Sees every packet before the wire does; false drops it.</summary>
    public Func<bool, byte[], bool>? Filter { get; set; }

    /// <summary>Called after each step, to send more.</summary>
    public Action? Tick { get; set; }

    /// <summary>False when someone else polls the events, in <see cref="BeforeDrain"/>.</summary>
    public bool OwnsEvents { get; init; } = true;

    public Action? BeforeDrain { get; set; }

    public long PacketsCarried { get; private set; }

    public static RandomFill Seeded(int seed)
    {
        var random = new Random(seed);
        return random.NextBytes;
    }

    public static SimulatedPair Connected(int seed = 1, Wire? wire = null, SctpOptions? options = null)
    {
        var pair = new SimulatedPair(seed, wire, options);
        pair.A.Connect(pair.Now);
        pair.RunUntil(() => pair.A.State == SctpState.Established && pair.B.State == SctpState.Established);
        return pair;
    }

    public IEnumerable<byte[]> MessagesAt(bool a) =>
        (a ? EventsA : EventsB).Where(e => e.Kind == SctpEventKind.Message).Select(e => e.Data!);

    /// <summary>Runs until the condition holds; fails when it has not after so much virtual time.</summary>
    public void RunUntil(Func<bool> condition, double seconds = 120)
    {
        var end = Now + (long)(seconds * 1_000_000);
        Drain();
        while (!condition())
        {
            Assert.True(Step(end), $"not reached in {seconds} virtual seconds: A {A.State}, B {B.State}");
        }
    }

    /// <summary>Lets so much virtual time pass.</summary>
    public void Run(double seconds)
    {
        var end = Now + (long)(seconds * 1_000_000);
        Drain();
        while (Step(end))
        {
        }

        Now = end;
    }

    public void Drain()
    {
        BeforeDrain?.Invoke();
        Drain(A, EventsA, fromA: true);
        Drain(B, EventsB, fromA: false);
    }

    public void Inject(bool toA, byte[] packet, long delay = 0) => _inFlight.Enqueue((toA, packet), (Now + delay, _order++));

    private bool Step(long end)
    {
        var next = Math.Min(A.NextTimeout, B.NextTimeout);
        if (_inFlight.TryPeek(out _, out var key))
            next = Math.Min(next, key.At);
        if (next > end)
            return false;
        Now = Math.Max(Now, next);
        while (_inFlight.TryPeek(out var item, out key) && key.At <= Now)
        {
            _inFlight.Dequeue();
            (item.ToA ? A : B).HandlePacket(item.Packet, Now);
        }

        if (A.NextTimeout <= Now)
            A.HandleTimeout(Now);
        if (B.NextTimeout <= Now)
            B.HandleTimeout(Now);
        Drain();
        Tick?.Invoke();
        Drain();
        return true;
    }

    private void Drain(SctpAssociation association, List<SctpEvent> events, bool fromA)
    {
        while (OwnsEvents && association.TryPollEvent(out var e))
            events.Add(e);
        for (int length; (length = association.PollPacket(_buffer, Now)) > 0;)
        {
            var packet = _buffer[..length];
            if (Filter is { } filter && !filter(fromA, packet))
                continue;
            Carry(!fromA, packet);
            if (_random.NextDouble() < _wire.Duplication)
                Carry(!fromA, packet);
        }

        Assert.True(association.NextTimeout > Now || association.NextTimeout == long.MaxValue, "a time-out that is due was not handled");
    }

    private void Carry(bool toA, byte[] packet)
    {
        if (_random.NextDouble() < _wire.Loss || (Now >= _wire.BlackoutFrom && Now < _wire.BlackoutTo))
            return;
        PacketsCarried++;
        var jitter = _wire.Jitter > 0 ? _random.NextInt64(_wire.Jitter) : 0;
        _inFlight.Enqueue((toA, packet), (Now + _wire.Delay + jitter, _order++));
    }
}
