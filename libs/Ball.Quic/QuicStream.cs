using System.Runtime.CompilerServices;
using Ball.Quic.Driver;
using Ball.Quic.Streams;

namespace Ball.Quic;

/// <summary>One stream of a connection. One reader and one writer at a time.</summary>
public sealed class QuicStream : Stream
{
    private readonly QuicConnection _connection;
    private readonly StreamState _state;
    private readonly Signal _readable;
    private readonly Signal _writable;
    private bool _disposed;

    internal QuicStream(QuicConnection connection, StreamState state)
    {
        _connection = connection;
        _state = state;
        _readable = new Signal(connection.Gate);
        _writable = new Signal(connection.Gate);
    }

    /// <summary>The stream's id on its connection.</summary>
    public long Id => _state.Id;

    /// <inheritdoc/>
    public override bool CanRead => _state.In is not null;

    /// <inheritdoc/>
    public override bool CanWrite => _state.Out is not null;

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
        while (true)
        {
            ValueTask more;
            lock (_connection.Gate)
            {
                int count = _connection.Core.Read(_state, buffer.Span, out bool end);
                if (_connection.Core.HasControlFrames)
                    _connection.Pump();
                if (count > 0 || end || _state.EndRead || (buffer.IsEmpty && _state.In is { Readable: > 0 }))
                    return count;
                ThrowIfUnreadable();
                _state.ReaderWaits = true;
                more = _readable.Wait(cancellationToken);
            }

            await more.ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            ValueTask room;
            lock (_connection.Gate)
            {
                ThrowIfUnwritable();
                int count = _connection.Core.Write(_state, buffer.Span);
                if (count > 0)
                    _connection.Pump();
                buffer = buffer[count..];
                if (buffer.IsEmpty)
                    return;
                _state.WriterWaits = true;
                room = _writable.Wait(cancellationToken);
            }

            await room.ConfigureAwait(false);
        }
    }

    /// <summary>Says that nothing more will be written. What was written is still delivered.</summary>
    public void CompleteWrites()
    {
        lock (_connection.Gate)
        {
            _connection.Core.Finish(_state);
            _connection.Pump();
        }
    }

    /// <summary>Gives up writing; the peer gets the code.</summary>
    public void AbortWrite(long code)
    {
        lock (_connection.Gate)
        {
            _connection.Core.Reset(_state, code);
            _connection.Pump();
        }
    }

    /// <summary>Gives up reading; the peer is asked to stop, with the code.</summary>
    public void AbortRead(long code)
    {
        lock (_connection.Gate)
        {
            _connection.Core.StopReading(_state, code);
            _connection.Pump();
        }
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("read asynchronously");

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("write asynchronously");

    /// <inheritdoc/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

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

    internal void OnReadable()
    {
        _state.ReaderWaits = false;
        _readable.Set();
    }

    internal void OnWritable()
    {
        _state.WriterWaits = false;
        _writable.Set();
    }

    /// <summary>Ends the stream cleanly: what was written is delivered, what was not read is refused.</summary>
    protected override void Dispose(bool disposing)
    {
        lock (_connection.Gate)
        {
            if (_disposed || !disposing)
                return;
            _disposed = true;
            _connection.Core.Finish(_state);
            _connection.Core.StopReading(_state, 0);
            _connection.Core.Release(_state);
            _connection.Pump();
        }
    }

    private void ThrowIfUnreadable()
    {
        if (_state.In is null)
            throw new NotSupportedException("this stream is only for writing");
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_state.PeerResetCode is { } code)
            throw new QuicException($"the peer gave up the stream (code 0x{code:x})", code, byPeer: true, byApplication: true);
        if (_connection.Core.Error is { } error)
            throw Again(error);
        if (_state.StopCode is { } own)
            throw new QuicException("reading was given up", own, byApplication: true);
    }

    private void ThrowIfUnwritable()
    {
        if (_state.Out is null)
            throw new NotSupportedException("this stream is only for reading");
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_connection.Core.Error is { } error)
            throw Again(error);
        if (_state.StoppedCode is { } code)
            throw new QuicException($"the peer reads no more (code 0x{code:x})", code, byPeer: true, byApplication: true);
        if (_state.ResetCode is { } own)
            throw new QuicException("writing was given up", own, byApplication: true);
        if (_state.FinWritten)
            throw new InvalidOperationException("writing was completed");
    }

    private static QuicException Again(QuicException error) =>
        new(error.Message, error.Code, error.ByPeer, error.ByApplication);
}
