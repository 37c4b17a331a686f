namespace Ball.WebTransport;

/// <summary>The peer gave up a stream, or the session is over.</summary>
/// <param name="message">What happened.</param>
/// <param name="code">The peer's code, if it gave one.</param>
/// <param name="inner">What was below.</param>
public sealed class WebTransportException(string message, uint? code = null, Exception? inner = null)
    : IOException(message, inner)
{
    /// <summary>The peer's code, if it gave one.</summary>
    public uint? Code { get; } = code;
}
