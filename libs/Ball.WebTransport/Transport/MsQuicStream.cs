using System.Net.Quic;
using System.Runtime.Versioning;

namespace Ball.WebTransport.Transport;

[SupportedOSPlatform("linux"), SupportedOSPlatform("macos"), SupportedOSPlatform("windows")]
sealed class MsQuicStream(QuicStream stream) : ITransportStream
{
    public long Id => stream.Id;

    public bool CanRead => stream.CanRead;

    public bool CanWrite => stream.CanWrite;

    public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellation)
    {
        try
        {
            return await stream.ReadAsync(buffer, cancellation).ConfigureAwait(false);
        }
        catch (QuicException exception) when (exception.QuicError == QuicError.StreamAborted)
        {
            throw new TransportResetException(exception.ApplicationErrorCode ?? 0, exception);
        }
    }

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> data, CancellationToken cancellation)
    {
        try
        {
            await stream.WriteAsync(data, cancellation).ConfigureAwait(false);
        }
        catch (QuicException exception) when (exception.QuicError == QuicError.StreamAborted)
        {
            throw new TransportResetException(exception.ApplicationErrorCode ?? 0, exception);
        }
    }

    public void CompleteWrites() => stream.CompleteWrites();

    public void AbortRead(long code) => stream.Abort(QuicAbortDirection.Read, code);

    public void AbortWrite(long code) => stream.Abort(QuicAbortDirection.Write, code);

    public ValueTask DisposeAsync() => stream.DisposeAsync();
}
