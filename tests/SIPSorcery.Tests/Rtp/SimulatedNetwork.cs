namespace SIPSorcery.Tests.Rtp;

/// <summary>What a simulated network does to datagrams.</summary>
internal sealed record SimulatedNetwork
{
    public double Loss { get; init; }
    public double Reordered { get; init; }
    public double Duplicated { get; init; }
    public long DelayMicros { get; init; } = 10_000;
    public long JitterMicros { get; init; }
    public long BlackoutFrom { get; init; }
    public long BlackoutTo { get; init; }
    /// <summary>The bottleneck's rate, with half a second of queue before it; 0 for none.</summary>
    public long BitsPerSecond { get; init; }
}
