using System.Buffers;
using System.Collections.Concurrent;
using System.Net;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Ball.Quic.Packets;
using Ball.WebTransport.Http3;
using Ball.WebTransport.Sessions;
using Ball.WebTransport.Transport;

namespace Ball.WebTransport;

/// <summary>A page's session: streams both ways, datagrams, and an end with code and reason.</summary>
public sealed class WebTransportSession : IAsyncDisposable
{
    private readonly ITransportConnection _connection;
    private readonly ITransportStream _control;
    private readonly WebTransportServerOptions _options;
    private readonly TimeProvider _time;
    private readonly byte[] _datagramPrefix;
    private readonly Channel<WebTransportStream> _streams = Channel.CreateUnbounded<WebTransportStream>();
    private readonly Channel<(byte[] Bytes, int Length)> _datagrams;
    private readonly ConcurrentDictionary<WebTransportStream, byte> _open = new();
    private readonly TaskCompletionSource<CloseReason> _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _ended = new();
    private CloseReason? _ownReason;

    internal WebTransportSession(
        ITransportConnection connection, ITransportStream control, WebTransportRequest request,
        WebTransportServerOptions options, TimeProvider time)
    {
        _connection = connection;
        _control = control;
        _options = options;
        _time = time;
        Request = request;
        Id = control.Id;
        _datagramPrefix = new byte[VarInt.LengthOf(Id / 4)];
        VarInt.Write(_datagramPrefix, Id / 4);
        _datagrams = Channel.CreateBounded<(byte[] Bytes, int Length)>(
            new BoundedChannelOptions(options.DatagramQueue) { FullMode = BoundedChannelFullMode.DropOldest },
            dropped => ArrayPool<byte>.Shared.Return(dropped.Bytes));
    }

    /// <summary>What the page asked for.</summary>
    public WebTransportRequest Request { get; }

    /// <summary>The path that it asked for.</summary>
    public string Path => Request.Path;

    /// <summary>The page's origin.</summary>
    public string? Origin => Request.Origin;

    /// <summary>Where the page is.</summary>
    public IPEndPoint Remote => _connection.Remote;

    /// <summary>The largest datagram that can be sent; 0 where there are none, and streams have to do.</summary>
    public int MaxDatagramSize => Math.Max(0, _connection.MaxDatagramSize - _datagramPrefix.Length);

    /// <summary>Completes when the session is over, whoever ended it.</summary>
    public Task<CloseReason> Closed => _closed.Task;

    internal long Id { get; }

    /// <summary>Opens a stream for both directions; waits while the page allows no more of them.</summary>
    public ValueTask<WebTransportStream> OpenBidirectionalStreamAsync(CancellationToken cancellation = default) =>
        OpenAsync(false, Http3Code.WebTransportBidiStream, cancellation);

    /// <summary>Opens a stream to the page; waits while the page allows no more of them.</summary>
    public ValueTask<WebTransportStream> OpenUnidirectionalStreamAsync(CancellationToken cancellation = default) =>
        OpenAsync(true, Http3Code.WebTransportUniStream, cancellation);

    /// <summary>Waits for the next stream that the page opens; null when the session is over.</summary>
    public async ValueTask<WebTransportStream?> AcceptStreamAsync(CancellationToken cancellation = default) =>
        await _streams.Reader.WaitToReadAsync(cancellation).ConfigureAwait(false) && _streams.Reader.TryRead(out var stream)
            ? stream
            : null;

    /// <summary>Sends a datagram, which may be lost; false when it is too large, or there are none.</summary>
    public bool SendDatagram(ReadOnlySpan<byte> data) =>
        !_closed.Task.IsCompleted && _connection.TrySendDatagram(_datagramPrefix, data);

    /// <summary>Waits for a datagram and copies what of it fits; its length, or null when the session is over.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<int?> ReceiveDatagramAsync(Memory<byte> buffer, CancellationToken cancellation = default)
    {
        while (await _datagrams.Reader.WaitToReadAsync(cancellation).ConfigureAwait(false))
        {
            if (!_datagrams.Reader.TryRead(out var datagram))
                continue;
            int length = Math.Min(datagram.Length, buffer.Length);
            datagram.Bytes.AsSpan(0, length).CopyTo(buffer.Span);
            ArrayPool<byte>.Shared.Return(datagram.Bytes);
            return length;
        }

        return null;
    }

    /// <summary>
    /// Ends the session; the page gets code and reason. Returns when the page has answered, or did not in time.
    /// </summary>
    public async ValueTask CloseAsync(uint code = 0, string reason = "")
    {
        if (_ownReason is null && !_closed.Task.IsCompleted)
        {
            _ownReason = new CloseReason(code, reason, true);
            try
            {
                using var patience = new CancellationTokenSource(_options.CloseTimeout, _time);
                await _control.WriteAsync(CapsuleReader.EncodeClose(code, reason), patience.Token).ConfigureAwait(false);
                _control.CompleteWrites();
            }
            catch (Exception exception) when (exception is IOException or OperationCanceledException)
            {
                // The page went away at the same moment.
            }

            // The page answers by ending its side; one that does not is cut off.
            _ended.CancelAfter(_options.CloseTimeout);
        }

        await _closed.Task.ConfigureAwait(false);
    }

    /// <summary>Ends the session if it lives.</summary>
    public ValueTask DisposeAsync() => CloseAsync();

    /// <summary>Reads the CONNECT stream until the session is over.</summary>
    internal async Task RunAsync(StreamInput input, CancellationToken connectionEnded)
    {
        using var both = CancellationTokenSource.CreateLinkedTokenSource(connectionEnded, _ended.Token);
        var reason = new CloseReason(0, "the connection was lost", false);
        try
        {
            reason = await ReadCapsulesAsync(input, both.Token).ConfigureAwait(false);
        }
        catch (TransportResetException)
        {
            reason = new CloseReason(0, "the page gave up the session", false);
        }
        catch (Exception exception) when (exception is OperationCanceledException or (IOException and not Http3Exception))
        {
            // Lost, or we waited long enough for an answer to our own close.
        }
        finally
        {
            End(_ownReason ?? reason);
        }
    }

    internal void Add(ITransportStream stream, StreamInput input)
    {
        var added = new WebTransportStream(this, stream, input);
        _open[added] = 0;
        if (!_streams.Writer.TryWrite(added) || _closed.Task.IsCompleted)
            added.AbortForEndOfSession();
    }

    internal void Add(ReadOnlySpan<byte> datagram)
    {
        var bytes = ArrayPool<byte>.Shared.Rent(Math.Max(1, datagram.Length));
        datagram.CopyTo(bytes);
        if (!_datagrams.Writer.TryWrite((bytes, datagram.Length)))
            ArrayPool<byte>.Shared.Return(bytes);
    }

    internal void Remove(WebTransportStream stream) => _open.TryRemove(stream, out _);

    private async Task<CloseReason> ReadCapsulesAsync(StreamInput input, CancellationToken cancellation)
    {
        var capsules = new CapsuleReader();
        var buffer = new byte[1024];
        while (await input.ReadVarIntAsync(cancellation).ConfigureAwait(false) is { } type
            && await input.ReadVarIntAsync(cancellation).ConfigureAwait(false) is { } length)
        {
            if (type == Http3Code.SettingsFrame)
                throw new Http3Exception(Http3Code.FrameUnexpected, "settings on a request stream");
            if (type != Http3Code.DataFrame)
            {
                await input.SkipAsync(length, cancellation).ConfigureAwait(false);
                continue;
            }

            while (length > 0)
            {
                var target = buffer.AsMemory(0, (int)Math.Min(length, buffer.Length));
                int count = await input.ReadAsync(target, cancellation).ConfigureAwait(false);
                if (count == 0)
                    throw new Http3Exception(Http3Code.FrameError, "a frame is cut short");
                capsules.Add(buffer.AsSpan(0, count));
                if (capsules.Closed is { } reason)
                    return reason;
                length -= count;
            }
        }

        return new CloseReason(0, "", true);
    }

    private void End(CloseReason reason)
    {
        _streams.Writer.TryComplete();
        _datagrams.Writer.TryComplete();
        if (!_closed.TrySetResult(reason))
            return;
        foreach (var stream in _open.Keys)
            stream.AbortForEndOfSession();
    }

    private async ValueTask<WebTransportStream> OpenAsync(bool unidirectional, long type, CancellationToken cancellation)
    {
        if (_closed.Task.IsCompleted)
            throw new WebTransportException("the session is over");
        try
        {
            var stream = await _connection.OpenStreamAsync(unidirectional, cancellation).ConfigureAwait(false);
            var head = new byte[2 * VarInt.MaxLength];
            int length = VarInt.Write(head, type);
            length += VarInt.Write(head.AsSpan(length), Id);
            await stream.WriteAsync(head.AsMemory(0, length), cancellation).ConfigureAwait(false);
            var opened = new WebTransportStream(this, stream, null);
            _open[opened] = 0;
            if (_closed.Task.IsCompleted)
                opened.AbortForEndOfSession();
            return opened;
        }
        catch (IOException exception)
        {
            throw new WebTransportException("the session is over", null, exception);
        }
    }
}
