namespace BallServer.Web.Sessions;

/// <summary>
/// A way to a page and back for JSON texts, one a line: a WebSocket, or a stream of WebTransport. One reader and one writer at a
/// time.
/// </summary>
internal interface ILineTransport : IAsyncDisposable
{
    /// <summary>The next line without its end, valid until the next call; null when the page has left.</summary>
    /// <exception cref="InvalidDataException">The page does not keep to the rules.</exception>
    /// <exception cref="IOException">Its connection broke.</exception>
    ValueTask<ReadOnlyMemory<byte>?> ReadAsync(CancellationToken cancel);

    ValueTask WriteAsync(ReadOnlyMemory<byte> line, CancellationToken cancel);

    /// <summary>Sends a text that may be lost, and that later ones may overtake; false where it has to go as a line.</summary>
    bool TryPost(ReadOnlySpan<byte> text) => false;

    /// <summary>
    /// The next text that came so, valid until the next call; null when there will be none. For one reader, beside that of lines.
    /// </summary>
    ValueTask<ReadOnlyMemory<byte>?> ReadPostedAsync(CancellationToken cancel) => default;

    /// <summary>Says why, and hangs up in good order.</summary>
    Task CloseAsync(LineClose reason, CancellationToken cancel);
}
