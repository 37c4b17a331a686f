using System.Buffers;
using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Ball.Quic.Connections;
using Ball.Quic.Driver;

namespace Ball.Quic;

/// <summary>A connection: streams both ways, datagrams, and an end with a code.</summary>
public sealed class QuicConnection : IAsyncDisposable
{
    private readonly UdpDriver _driver;
    private readonly MicroClock _clock;
    private readonly ITimer _timer;
    private readonly Action<QuicConnection> _onOver;
    private readonly Channel<QuicStream> _accepted = Channel.CreateUnbounded<QuicStream>();
    private readonly TaskCompletionSource _established = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<QuicException> _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _over = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Signal _datagrams;
    private TaskCompletionSource _streamsAllowed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private SocketAddress? _remote;
    private PeerAddress _remoteValue;
    private long _armedFor = long.MaxValue;

    internal QuicConnection(
        Connection core, UdpDriver driver, MicroClock clock, TimeProvider time, Action<QuicConnection> onOver)
    {
        Core = core;
        _driver = driver;
        _clock = clock;
        _onOver = onOver;
        _datagrams = new Signal(Gate);
        _timer = time.CreateTimer(_ => OnTimer(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        core.Tag = this;
    }

    /// <summary>Where the peer is. May change while the connection lives.</summary>
    public IPEndPoint RemoteEndPoint
    {
        get
        {
            lock (Gate)
                return PeerAddresses.ToEndPoint(Core.Remote);
        }
    }

    /// <summary>The largest datagram that can be sent; 0 when the peer takes none.</summary>
    public int MaxDatagramSize
    {
        get
        {
            lock (Gate)
                return Core.MaxDatagramPayload;
        }
    }

    /// <summary>The time to the peer and back, smoothed.</summary>
    public TimeSpan RoundTrip
    {
        get
        {
            lock (Gate)
                return TimeSpan.FromMicroseconds(Core.Rtt.Smoothed);
        }
    }

    /// <summary>What was sent, received and lost.</summary>
    public QuicStatistics Statistics
    {
        get
        {
            lock (Gate)
                return Core.Statistics;
        }
    }

    /// <summary>Completes when the connection has ended, with the reason.</summary>
    public Task<QuicException> Closed => _closed.Task;

    internal Lock Gate { get; } = new();

    internal Connection Core { get; }

    internal Task Established => _established.Task;

    /// <summary>Waits for the next stream that the peer opens.</summary>
    public async ValueTask<QuicStream> AcceptStreamAsync(CancellationToken cancellation = default)
    {
        try
        {
            return await _accepted.Reader.ReadAsync(cancellation).ConfigureAwait(false);
        }
        catch (ChannelClosedException)
        {
            throw await _closed.Task.ConfigureAwait(false);
        }
    }

    /// <summary>Opens a stream; waits while the peer allows no more of them.</summary>
    public async ValueTask<QuicStream> OpenStreamAsync(bool unidirectional, CancellationToken cancellation = default)
    {
        while (true)
        {
            Task allowed;
            lock (Gate)
            {
                if (Core.Error is not null)
                    throw Core.Error;
                if (Core.TryOpen(unidirectional, out var state))
                {
                    var stream = new QuicStream(this, state!);
                    state!.Tag = stream;
                    return stream;
                }

                allowed = _streamsAllowed.Task;
            }

            await allowed.WaitAsync(cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>Sends a datagram of two parts, maybe; false when it cannot be sent at all.</summary>
    public bool TrySendDatagram(ReadOnlySpan<byte> first, ReadOnlySpan<byte> rest = default)
    {
        lock (Gate)
        {
            bool sent = Core.TrySendDatagram(first, rest);
            if (sent)
                Pump();
            return sent;
        }
    }

    /// <summary>Waits for a datagram and copies what of it fits.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<int> ReceiveDatagramAsync(Memory<byte> buffer, CancellationToken cancellation = default)
    {
        while (true)
        {
            ValueTask more;
            lock (Gate)
            {
                if (Core.TryTakeDatagram(out var bytes, out int length))
                {
                    length = Math.Min(length, buffer.Length);
                    bytes.AsSpan(0, length).CopyTo(buffer.Span);
                    ArrayPool<byte>.Shared.Return(bytes);
                    return length;
                }

                if (Core.Error is not null)
                    throw Core.Error;
                more = _datagrams.Wait(cancellation);
            }

            await more.ConfigureAwait(false);
        }
    }

    /// <summary>Ends the connection; the peer gets the code and the reason.</summary>
    public void Close(long code, string reason = "")
    {
        lock (Gate)
        {
            Core.Close(code, reason, _clock.Now);
            Pump();
        }
    }

    /// <summary>Ends the connection if it lives.</summary>
    public ValueTask DisposeAsync()
    {
        Close(0);
        return ValueTask.CompletedTask;
    }

    /// <summary>Completes when nothing of the connection is left, not even its answers to late packets.</summary>
    internal Task Over => _over.Task;

    internal void Receive(Span<byte> datagram, PeerAddress from)
    {
        lock (Gate)
            Core.Receive(datagram, from, _clock.Now);
    }

    /// <summary>Ends without a word, because the socket is about to go.</summary>
    internal void Abandon()
    {
        lock (Gate)
        {
            Core.Dispose();
            Pump();
        }
    }

    /// <summary>Ends because of a bug on this side.</summary>
    internal void GiveUp(Exception why)
    {
        lock (Gate)
        {
            Core.GiveUp(why);
            Pump();
        }
    }

    /// <summary>What has to follow every change: tell the waiting, send, set the timer. Under the lock.</summary>
    internal void Pump()
    {
        HandleEvents();
        Send();
        if (Core.State == ConnectionState.Closed)
        {
            if (_over.TrySetResult())
            {
                _timer.Dispose();
                _onOver(this);
            }

            return;
        }

        long next = Core.NextTimeout;
        if (next < _armedFor)
            Arm(next);
    }

    private void Send()
    {
        var buffer = ArrayPool<byte>.Shared.Rent(Connection.MaxDatagram);
        long now = _clock.Now;
        try
        {
            while (Core.TrySend(buffer, now, out int length, out var to))
            {
                if (_remote is null || to != _remoteValue)
                {
                    _remoteValue = to;
                    _remote = PeerAddresses.ToSocketAddress(to, _driver.Family);
                }

                _driver.Send(buffer.AsSpan(0, length), _remote);
            }
        }
        catch (Exception exception)
        {
            // A bug; it is one connection's end and not the process's. Whoever waits on the connection is told.
            Core.GiveUp(exception);
            HandleEvents();
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private void HandleEvents()
    {
        while (Core.TryTakeEvent(out var next))
        {
            switch (next.Kind)
            {
                case ConnectionEventKind.Established:
                    _established.TrySetResult();
                    break;
                case ConnectionEventKind.StreamOpened:
                    var stream = new QuicStream(this, next.Stream!);
                    next.Stream!.Tag = stream;
                    _accepted.Writer.TryWrite(stream);
                    break;
                case ConnectionEventKind.StreamReadable:
                    (next.Stream!.Tag as QuicStream)?.OnReadable();
                    break;
                case ConnectionEventKind.StreamWritable:
                    (next.Stream!.Tag as QuicStream)?.OnWritable();
                    break;
                case ConnectionEventKind.StreamsAllowed:
                    _streamsAllowed.TrySetResult();
                    _streamsAllowed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                    break;
                case ConnectionEventKind.DatagramArrived:
                    _datagrams.Set();
                    break;
                case ConnectionEventKind.Closed:
                    OnClosed(Core.Error!);
                    break;
            }
        }
    }

    private void OnClosed(QuicException error)
    {
        _accepted.Writer.TryComplete();
        _streamsAllowed.TrySetResult();
        _datagrams.Set();
        _closed.TrySetResult(error);
        if (_established.TrySetException(error))
            _ = _established.Task.Exception;
    }

    private void Arm(long next)
    {
        _armedFor = next;
        long wait = Math.Max(1, (next - _clock.Now + 999) / 1000);
        _timer.Change(TimeSpan.FromMilliseconds(Math.Min(wait, int.MaxValue)), Timeout.InfiniteTimeSpan);
    }

    private void OnTimer()
    {
        lock (Gate)
        {
            _armedFor = long.MaxValue;
            long now = _clock.Now;
            if (Core.NextTimeout <= now)
                Core.OnTimeout(now);
            Pump();
        }
    }
}
