using System.Net;

namespace Ball.WebTransport.Transport;

/// <summary>A QUIC connection. What fails because it ended throws an <see cref="IOException"/>.</summary>
interface ITransportConnection : IAsyncDisposable
{
    IPEndPoint Remote { get; }

    /// <summary>0 where there are no datagrams.</summary>
    int MaxDatagramSize { get; }

    ValueTask<ITransportStream> AcceptStreamAsync(CancellationToken cancellation);

    ValueTask<ITransportStream> OpenStreamAsync(bool unidirectional, CancellationToken cancellation);

    bool TrySendDatagram(ReadOnlySpan<byte> first, ReadOnlySpan<byte> rest);

    ValueTask<int> ReceiveDatagramAsync(Memory<byte> buffer, CancellationToken cancellation);

    ValueTask CloseAsync(long code, string reason);
}
