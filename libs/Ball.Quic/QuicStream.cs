using System.Runtime.CompilerServices;
using Ball.Quic.Driver;
using Ball.Quic.Streams;

namespace Ball.Quic;

/// <summary>One stream of a connection. One reader and one writer at a time.</summary>
public sealed class QuicStream : Stream
{
    private readonly QuicConnection connection;
    private readonly StreamState state;
    private readonly Signal readable;
    private readonly Signal writable;
    private bool disposed;

    internal QuicStream(QuicConnection connection, StreamState state)
    {
        this.connection = connection;
        this.state = state;
        readable = new Signal(connection.Gate);
        writable = new Signal(connection.Gate);
    }

    /// <summary>The stream's id on its connection.</summary>
    public long Id => state.Id;

    /// <inheritdoc/>
    public override bool CanRead => state.In is not null;

    /// <inheritdoc/>
    public override bool CanWrite => state.Out is not null;

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
            lock (connection.Gate)
            {
                int count = connection.Core.Read(state, buffer.Span, out bool end);
                if (connection.Core.HasControlFrames)
                    connection.Pump();
                if (count > 0 || end || state.EndRead || (buffer.IsEmpty && state.In is { Readable: > 0 }))
                    return count;
                ThrowIfUnreadable();
                state.ReaderWaits = true;
                more = readable.Wait(cancellationToken);
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
            lock (connection.Gate)
            {
                ThrowIfUnwritable();
                int count = connection.Core.Write(state, buffer.Span);
                if (count > 0)
                    connection.Pump();
                buffer = buffer[count..];
                if (buffer.IsEmpty)
                    return;
                state.WriterWaits = true;
                room = writable.Wait(cancellationToken);
            }

            await room.ConfigureAwait(false);
        }
    }

    /// <summary>Says that nothing more will be written. What was written is still delivered.</summary>
    public void CompleteWrites()
    {
        lock (connection.Gate)
        {
            connection.Core.Finish(state);
            connection.Pump();
        }
    }

    /// <summary>Gives up writing; the peer gets the code.</summary>
    public void AbortWrite(long code)
    {
        lock (connection.Gate)
        {
            connection.Core.Reset(state, code);
            connection.Pump();
        }
    }

    /// <summary>Gives up reading; the peer is asked to stop, with the code.</summary>
    public void AbortRead(long code)
    {
        lock (connection.Gate)
        {
            connection.Core.StopReading(state, code);
            connection.Pump();
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
        state.ReaderWaits = false;
        readable.Set();
    }

    internal void OnWritable()
    {
        state.WriterWaits = false;
        writable.Set();
    }

    /// <summary>Ends the stream cleanly: what was written is delivered, what was not read is refused.</summary>
    protected override void Dispose(bool disposing)
    {
        lock (connection.Gate)
        {
            if (disposed || !disposing)
                return;
            disposed = true;
            connection.Core.Finish(state);
            connection.Core.StopReading(state, 0);
            connection.Core.Release(state);
            connection.Pump();
        }
    }

    private void ThrowIfUnreadable()
    {
        if (state.In is null)
            throw new NotSupportedException("this stream is only for writing");
        ObjectDisposedException.ThrowIf(disposed, this);
        if (state.PeerResetCode is { } code)
            throw new QuicException($"the peer gave up the stream (code 0x{code:x})", code, byPeer: true, byApplication: true);
        if (connection.Core.Error is { } error)
            throw Again(error);
        if (state.StopCode is { } own)
            throw new QuicException("reading was given up", own, byApplication: true);
    }

    private void ThrowIfUnwritable()
    {
        if (state.Out is null)
            throw new NotSupportedException("this stream is only for reading");
        ObjectDisposedException.ThrowIf(disposed, this);
        if (connection.Core.Error is { } error)
            throw Again(error);
        if (state.StoppedCode is { } code)
            throw new QuicException($"the peer reads no more (code 0x{code:x})", code, byPeer: true, byApplication: true);
        if (state.ResetCode is { } own)
            throw new QuicException("writing was given up", own, byApplication: true);
        if (state.FinWritten)
            throw new InvalidOperationException("writing was completed");
    }

    private static QuicException Again(QuicException error) =>
        new(error.Message, error.Code, error.ByPeer, error.ByApplication);
}
