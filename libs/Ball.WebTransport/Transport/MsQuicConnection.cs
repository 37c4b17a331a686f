using System.Net;
using System.Net.Quic;
using System.Runtime.Versioning;

namespace Ball.WebTransport.Transport;

[SupportedOSPlatform("linux"), SupportedOSPlatform("macos"), SupportedOSPlatform("windows")]
sealed class MsQuicConnection(QuicConnection connection) : ITransportConnection
{
    public IPEndPoint Remote => connection.RemoteEndPoint;

    public int MaxDatagramSize => 0;

    public async ValueTask<ITransportStream> AcceptStreamAsync(CancellationToken cancellation) =>
        new MsQuicStream(await connection.AcceptInboundStreamAsync(cancellation).ConfigureAwait(false));

    public async ValueTask<ITransportStream> OpenStreamAsync(bool unidirectional, CancellationToken cancellation)
    {
        var type = unidirectional ? QuicStreamType.Unidirectional : QuicStreamType.Bidirectional;
        return new MsQuicStream(await connection.OpenOutboundStreamAsync(type, cancellation).ConfigureAwait(false));
    }

    public bool TrySendDatagram(ReadOnlySpan<byte> first, ReadOnlySpan<byte> rest) => false;

    public async ValueTask<int> ReceiveDatagramAsync(Memory<byte> buffer, CancellationToken cancellation)
    {
        await Task.Delay(Timeout.Infinite, cancellation).ConfigureAwait(false);
        return 0;
    }

    public ValueTask CloseAsync(long code, string reason) => connection.CloseAsync(code);

    public ValueTask DisposeAsync() => connection.DisposeAsync();
}
