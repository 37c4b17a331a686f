namespace Ball.Link.Messages;

/// <summary>
/// When a frame passed the client's stages, in nanoseconds of the client's monotonic clock; 0 where that is not known.
/// </summary>
/// <param name="Received">The frame was complete.</param>
/// <param name="Decoded">It was a picture.</param>
/// <param name="HandedOff">The detector had it.</param>
/// <param name="Detected">The detector had found the ball.</param>
/// <param name="Sent">The message left.</param>
public readonly record struct StageTimes(long Received, long Decoded, long HandedOff, long Detected, long Sent);
