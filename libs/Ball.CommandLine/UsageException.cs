namespace Ball.CommandLine;

/// <summary>Settings that are right one by one, and do not fit together; the message is one line.</summary>
public sealed class UsageException(string message) : Exception(message);
