namespace Ball.Link.Peers;

/// <summary>
/// Keeps a peer's RTP timestamps in step with the frames' own ticks. The engine adds a frame's duration after it, so a frame's
/// timestamp is decided by the frame before; where frames are left out in between, the first one after is too early by that
/// much, and its duration makes up for it.
/// </summary>
internal struct RtpTimeline
{
    uint _origin;
    bool _started;

    /// <summary>The duration to send a frame with.</summary>
    /// <param name="timestamp">The timestamp the engine is going to give it.</param>
    /// <param name="ticks">The instant the frame shows.</param>
    /// <param name="untilNext">The ticks until the next frame is due.</param>
    public uint DurationOf(uint timestamp, uint ticks, uint untilNext)
    {
        if (!_started)
        {
            _started = true;
            _origin = unchecked(timestamp - ticks);
        }
        uint next = unchecked(_origin + ticks + untilNext);
        int duration = unchecked((int)(next - timestamp));
        // Two frames must never share a timestamp: it is their identity.
        return duration > 0 ? (uint)duration : 1;
    }
}
