namespace BallDetector;

/// <summary>The detector cannot work here. The message is one line for a person.</summary>
internal sealed class SetUpException(string message, Exception inner) : Exception(message, inner);
