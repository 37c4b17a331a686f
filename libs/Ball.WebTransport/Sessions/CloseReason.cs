namespace Ball.WebTransport;

/// <summary>How a session ended.</summary>
/// <param name="Code">The code that was given, or 0.</param>
/// <param name="Reason">The reason that was given, or what happened.</param>
/// <param name="IsClean">Whether one side closed it; else the connection was lost.</param>
public readonly record struct CloseReason(uint Code, string Reason, bool IsClean);
