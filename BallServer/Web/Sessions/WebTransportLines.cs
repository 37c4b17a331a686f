using Ball.WebTransport;

namespace BallServer.Web.Sessions;

/// <summary>Lines on a stream of WebTransport, and what may be lost in datagrams where there are any.</summary>
internal sealed class WebTransportLines(WebTransportSession session, Stream stream) : ILineTransport
{
    private readonly StreamLines _lines = new(stream);
    private readonly byte[] _posted = new byte[2048];

    public ValueTask<ReadOnlyMemory<byte>?> ReadAsync(CancellationToken cancel) => _lines.ReadAsync(cancel);

    public ValueTask WriteAsync(ReadOnlyMemory<byte> line, CancellationToken cancel) => _lines.WriteAsync(line, cancel);

    public bool TryPost(ReadOnlySpan<byte> text) => session.SendDatagram(text);

    public async ValueTask<ReadOnlyMemory<byte>?> ReadPostedAsync(CancellationToken cancel) =>
        await session.ReceiveDatagramAsync(_posted, cancel) is { } length ? _posted.AsMemory(0, length) : null;

    public Task CloseAsync(LineClose reason, CancellationToken cancel) =>
        session.CloseAsync((uint)reason.Code, reason.Why).AsTask();

    public ValueTask DisposeAsync() => _lines.DisposeAsync();
}
