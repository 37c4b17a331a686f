namespace Ball.Quic.Driver;

/// <summary>Monotonic microseconds.</summary>
sealed class MicroClock(TimeProvider time)
{
    private readonly long _start = time.GetTimestamp();

    // Not from zero: the core counts on times being positive, and may look back a little.
    public long Now => 1_000_000 + time.GetElapsedTime(_start).Ticks / TimeSpan.TicksPerMicrosecond;
}
