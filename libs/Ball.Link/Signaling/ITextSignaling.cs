namespace Ball.Link.Signaling;

/// <summary>
/// Signalling whose transport stays for the whole session and carries what else would travel on the data channel: coordinates and
/// clock messages, one text each. A browser's WebSocket or WebTransport is such.
/// </summary>
public interface ITextSignaling : ISignaling
{
    /// <summary>Whether texts can still be sent.</summary>
    bool IsOpen { get; }

    /// <summary>
    /// A text came that is not signalling: UTF-8, valid during the call. One at a time, while somebody receives.
    /// </summary>
    event PeerTextHandler? TextReceived;

    /// <summary>Sends a text (UTF-8) without waiting; what the peer has no time for is lost.</summary>
    void Post(ReadOnlyMemory<byte> text);
}
