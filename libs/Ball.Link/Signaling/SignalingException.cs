namespace Ball.Link.Signaling;

/// <summary>Signalling failed; the message is one line that says what to do about it.</summary>
public sealed class SignalingException(string message, Exception? inner = null) : Exception(message, inner);
