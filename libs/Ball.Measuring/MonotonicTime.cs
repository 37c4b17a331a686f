namespace Ball.Measuring;

/// <summary>The clock that every process on one machine shares.</summary>
public static class MonotonicTime
{
    private const long PerSecond = 1_000_000_000;

    /// <summary>
    /// Nanoseconds on the monotonic clock; with the system's time comparable between processes on one machine, and only there.
    /// </summary>
    public static long Nanoseconds(this TimeProvider time)
    {
        var frequency = time.TimestampFrequency;
        var now = time.GetTimestamp();
        return frequency == PerSecond ? now : (long)((Int128)now * PerSecond / frequency);
    }
}
