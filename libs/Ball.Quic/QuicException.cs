namespace Ball.Quic;

/// <summary>A QUIC connection or stream ended, or could not begin.</summary>
/// <param name="message">What happened.</param>
/// <param name="code">The code that came or went with it, if any.</param>
/// <param name="byPeer">Whether the peer did it.</param>
/// <param name="byApplication">Whether the code is the application protocol's, not the transport's.</param>
public sealed class QuicException(string message, long? code = null, bool byPeer = false, bool byApplication = false)
    : IOException(message)
{
    /// <summary>The code that came or went with it, if any.</summary>
    public long? Code { get; } = code;

    /// <summary>Whether the peer did it.</summary>
    public bool ByPeer { get; } = byPeer;

    /// <summary>Whether the code is the application protocol's, not the transport's.</summary>
    public bool ByApplication { get; } = byApplication;
}
