using System.Runtime.CompilerServices;
using Ball.WebTransport.Http3;
using Ball.WebTransport.Sessions;
using Ball.WebTransport.Transport;

namespace Ball.WebTransport;

/// <summary>
/// A stream of a session. Disposing it ends it cleanly: what was written is delivered, what was not read is refused. One
/// reader and one writer at a time; asynchronous only.
/// </summary>
public sealed class WebTransportStream : Stream
{
    private readonly WebTransportSession _session;
    private readonly ITransportStream _stream;
    private readonly StreamInput? _input;
    private bool _disposed;

    internal WebTransportStream(WebTransportSession session, ITransportStream stream, StreamInput? input)
    {
        _session = session;
        _stream = stream;
        _input = input;
    }

    /// <summary>The stream's id on its connection.</summary>
    public long Id => _stream.Id;

    /// <inheritdoc/>
    public override bool CanRead => _stream.CanRead;

    /// <inheritdoc/>
    public override bool CanWrite => _stream.CanWrite;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <inheritdoc/>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            return _input is null
                ? await _stream.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)
                : await _input.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        }
        catch (IOException exception) when (exception is not WebTransportException)
        {
            throw Translate(exception);
        }
    }

    /// <inheritdoc/>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            await _stream.WriteAsync(buffer, cancellationToken).ConfigureAwait(false);
        }
        catch (IOException exception) when (exception is not WebTransportException)
        {
            throw Translate(exception);
        }
    }

    /// <summary>Says that nothing more will be written; what was written is still delivered.</summary>
    public void CompleteWrites() => _stream.CompleteWrites();

    /// <summary>Gives up writing; the page sees the code.</summary>
    public void AbortWrite(uint code) => _stream.AbortWrite(ErrorCodes.ToHttp3(code));

    /// <summary>Gives up reading; the page sees the code.</summary>
    public void AbortRead(uint code) => _stream.AbortRead(ErrorCodes.ToHttp3(code));

    /// <inheritdoc/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("read asynchronously");

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("write asynchronously");

    /// <summary>Bytes are on their way as soon as they are written.</summary>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, true))
            return;
        _session.Remove(this);
        await _stream.DisposeAsync().ConfigureAwait(false);
        GC.SuppressFinalize(this);
    }

    internal void AbortForEndOfSession()
    {
        if (_stream.CanRead)
            _stream.AbortRead(Http3Code.SessionGone);
        if (_stream.CanWrite)
            _stream.AbortWrite(Http3Code.SessionGone);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        // Both transports end a stream without waiting for anything.
        if (disposing)
            DisposeAsync().AsTask().GetAwaiter().GetResult();
        base.Dispose(disposing);
    }

    private static WebTransportException Translate(IOException exception) => exception is TransportResetException reset
        ? new WebTransportException("the peer gave up the stream", ErrorCodes.FromHttp3(reset.Code), reset)
        : new WebTransportException(exception.Message, null, exception);
}
