namespace BallAspire.ServiceDefaults;

/// <summary>The program cannot work here; the message says why, in one line.</summary>
public sealed class SetUpException(string message, Exception? inner = null) : Exception(message, inner);
