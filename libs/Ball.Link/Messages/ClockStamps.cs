namespace Ball.Link.Messages;

/// <summary>The times of one exchange of clocks, in nanoseconds of the asker's (1, 4) and the answerer's (2, 3) clock.</summary>
/// <param name="Id">The asker's number for it.</param>
/// <param name="Asked">The question left.</param>
/// <param name="Heard">It arrived.</param>
/// <param name="Answered">The answer left.</param>
public readonly record struct ClockStamps(uint Id, long Asked, long Heard, long Answered);
