namespace Ball.Media;

/// <summary>The encoder or decoder refused to work; the message names the call and the code.</summary>
public sealed class H264Exception(string message) : Exception(message);
