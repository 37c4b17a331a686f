using System.Net;
using Ball.Quic;

namespace Ball.WebTransport.Transport;

sealed class BuiltInConnection(QuicConnection connection) : ITransportConnection
{
    public IPEndPoint Remote => connection.RemoteEndPoint;

    public int MaxDatagramSize => connection.MaxDatagramSize;

    public async ValueTask<ITransportStream> AcceptStreamAsync(CancellationToken cancellation) =>
        new BuiltInStream(await connection.AcceptStreamAsync(cancellation).ConfigureAwait(false));

    public async ValueTask<ITransportStream> OpenStreamAsync(bool unidirectional, CancellationToken cancellation) =>
        new BuiltInStream(await connection.OpenStreamAsync(unidirectional, cancellation).ConfigureAwait(false));

    public bool TrySendDatagram(ReadOnlySpan<byte> first, ReadOnlySpan<byte> rest) => connection.TrySendDatagram(first, rest);

    public ValueTask<int> ReceiveDatagramAsync(Memory<byte> buffer, CancellationToken cancellation) =>
        connection.ReceiveDatagramAsync(buffer, cancellation);

    public ValueTask CloseAsync(long code, string reason)
    {
        connection.Close(code, reason);
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => connection.DisposeAsync();
}
