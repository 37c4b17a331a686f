namespace Ball.Link.Peers;

internal static class Nanoseconds
{
    /// <summary>Now, in nanoseconds of this clock; on Linux the system's is the one that all processes share.</summary>
    public static long Now(this TimeProvider time) => time.TimestampFrequency == 1_000_000_000
        ? time.GetTimestamp()
        : (long)((Int128)time.GetTimestamp() * 1_000_000_000 / time.TimestampFrequency);
}
