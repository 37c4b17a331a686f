namespace Ball.World;

/// <summary>
/// Which frame this is and when its truth was true. The RTP timestamp is the frame's identity everywhere: on the wire, in the
/// pipe, in the slot, in the browser.
/// </summary>
/// <param name="Number">Counts frames that were due, so a gap is a dropped frame.</param>
/// <param name="RtpTimestamp">In ticks of 90 kHz; wraps around after 13 hours.</param>
/// <param name="Nanoseconds">The instant the picture shows, on the monotonic clock.</param>
public readonly record struct FrameStamp(long Number, uint RtpTimestamp, long Nanoseconds)
{
    public const int RtpClockRate = 90_000;

    /// <summary>The ticks in a span of time, rounded to the nearest, for adding to a first timestamp.</summary>
    public static uint RtpTicks(long nanoseconds) =>
        unchecked((uint)(nanoseconds / 100_000 * 9 + (nanoseconds % 100_000 * 9 + 50_000) / 100_000));
}
