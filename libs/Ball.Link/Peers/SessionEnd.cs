namespace Ball.Link.Peers;

/// <summary>How a session ended.</summary>
/// <param name="Reason">For programs.</param>
/// <param name="Detail">For people; one line.</param>
/// <param name="WasConnected">Whether it ever was connected.</param>
public sealed record SessionEnd(SessionEndReason Reason, string Detail, bool WasConnected);
