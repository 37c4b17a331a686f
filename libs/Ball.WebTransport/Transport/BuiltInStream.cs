using System.Runtime.CompilerServices;
using Ball.Quic;

namespace Ball.WebTransport.Transport;

sealed class BuiltInStream(QuicStream stream) : ITransportStream
{
    public long Id => stream.Id;

    public bool CanRead => stream.CanRead;

    public bool CanWrite => stream.CanWrite;

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellation)
    {
        try
        {
            return await stream.ReadAsync(buffer, cancellation).ConfigureAwait(false);
        }
        catch (QuicException exception) when (IsReset(exception))
        {
            throw new TransportResetException(exception.Code!.Value, exception);
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> data, CancellationToken cancellation)
    {
        try
        {
            await stream.WriteAsync(data, cancellation).ConfigureAwait(false);
        }
        catch (QuicException exception) when (IsReset(exception))
        {
            throw new TransportResetException(exception.Code!.Value, exception);
        }
    }

    public void CompleteWrites() => stream.CompleteWrites();

    public void AbortRead(long code) => stream.AbortRead(code);

    public void AbortWrite(long code) => stream.AbortWrite(code);

    public ValueTask DisposeAsync() => stream.DisposeAsync();

    private static bool IsReset(QuicException exception) => exception is { ByPeer: true, ByApplication: true, Code: not null };
}
