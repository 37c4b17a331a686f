namespace Ball.Handoff;

/// <summary>A pipe or slot cannot be used as asked. The message is one line for a person, and says what to do.</summary>
public sealed class HandoffException(string message, Exception? inner = null) : IOException(message, inner);
