namespace Ball.Handoff;

/// <summary>What a frame is, beside its pixels.</summary>
/// <param name="Session">The session it belongs to.</param>
/// <param name="Frame">Number of the frame, counted by the client.</param>
/// <param name="RtpTimestamp">The frame's identity everywhere.</param>
/// <param name="ReceivedAt">When the client had received it, in monotonic nanoseconds.</param>
/// <param name="IsTraced">Whether this frame's way is recorded as a trace.</param>
public readonly record struct FrameTag(Guid Session, long Frame, uint RtpTimestamp, long ReceivedAt, bool IsTraced = false);
