using System.Threading.Channels;
using Ball.Link.Signaling;
using Ball.World;

namespace BallServer.Web.Sessions;

/// <summary>Signalling with a page over a line transport, which carries coordinates and scores too.</summary>
internal sealed class PageSignaling : ITextSignaling
{
    /// <summary>What waits for a slow page; what comes on top is lost.</summary>
    private const int MaxWaiting = 256;

    private static readonly TimeSpan s_goodbye = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_hangingUp = TimeSpan.FromSeconds(1);

    private readonly ILineTransport _transport;
    private readonly CancellationToken _stopping;
    private readonly Channel<ReadOnlyMemory<byte>> _outgoing =
        Channel.CreateBounded<ReadOnlyMemory<byte>>(new BoundedChannelOptions(MaxWaiting) { SingleReader = true });

    private readonly Channel<SignalingMessage> _incoming = Channel.CreateBounded<SignalingMessage>(MaxWaiting);
    private readonly CancellationTokenSource _stop = new();
    private readonly FloodGate _flood = new(MonotonicClock.Now);
    private readonly Lock _hearing = new();
    private readonly Task _writing;
    private Task? _reading;
    private Task? _readingPosted;
    private int _disposed;

    /// <param name="stopping">Cancelled when the server stops: then that is why it hangs up.</param>
    public PageSignaling(ILineTransport transport, CancellationToken stopping = default)
    {
        _transport = transport;
        _stopping = stopping;
        _writing = WriteAsync();
    }

    public event PeerTextHandler? TextReceived;

    public bool IsOpen => Volatile.Read(ref _disposed) == 0 && !_writing.IsCompleted;

    /// <summary>What the page is told when we hang up, if it is not simply over.</summary>
    public LineClose? Close { get; set; }

    public async Task SendAsync(SignalingMessage message, CancellationToken cancel = default)
    {
        try
        {
            await _outgoing.Writer.WriteAsync(SignalingFormat.ToLine(message), cancel);
        }
        catch (ChannelClosedException e)
        {
            throw new SignalingException("The page has left.", e);
        }
    }

    public void Post(ReadOnlyMemory<byte> text) => _outgoing.Writer.TryWrite(text);

    /// <summary>Sends a text that may be lost on the way, and is no use late.</summary>
    public void PostQuickly(ReadOnlyMemory<byte> text)
    {
        if (!_transport.TryPost(text.Span))
            Post(text);
    }

    public async ValueTask<SignalingMessage?> ReceiveAsync(CancellationToken cancel = default)
    {
        // Not before somebody listens: texts would be lost. And never with the caller's token, since a read that is called off
        // takes the connection with it, and the goodbye.
        _reading ??= Task.Run(ReadAsync, CancellationToken.None);
        _readingPosted ??= Task.Run(ReadPostedAsync, CancellationToken.None);
        try
        {
            return await _incoming.Reader.ReadAsync(cancel);
        }
        catch (ChannelClosedException)
        {
            return null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;
        _outgoing.Writer.TryWrite(SignalingFormat.ToLine(ByeMessage.Instance));
        _outgoing.Writer.TryComplete();
        await _writing.WaitAsync(s_goodbye).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        // Also a page for which the last words were too slow is to hear why.
        using (var patience = new CancellationTokenSource(s_hangingUp))
        {
            var reason = Close ?? (_stopping.IsCancellationRequested ? LineClose.Stopping : LineClose.Done);
            await _transport.CloseAsync(reason, patience.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (_reading is not null)
                await _reading.WaitAsync(patience.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        await _stop.CancelAsync();
        await _transport.DisposeAsync();
        await Task.WhenAll(_writing, _reading ?? Task.CompletedTask, _readingPosted ?? Task.CompletedTask)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task ReadAsync()
    {
        try
        {
            while (await _transport.ReadAsync(_stop.Token) is { } line)
            {
                if (!Take(line.Span))
                {
                    Close = LineClose.Rules;
                    break;
                }
            }
        }
        catch (InvalidDataException)
        {
            Close = LineClose.Rules;
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // The page is gone: that ends below.
        }
        finally
        {
            // A page whose connection ends has left: what it would say now, nobody hears.
            _incoming.Writer.TryWrite(ByeMessage.Instance);
            _incoming.Writer.TryComplete();
        }
    }

    private async Task ReadPostedAsync()
    {
        try
        {
            while (await _transport.ReadPostedAsync(_stop.Token) is { } text)
            {
                if (TryHear(text.Span))
                    continue;
                Close = LineClose.Rules;
                _incoming.Writer.TryWrite(ByeMessage.Instance);
                return;
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // As for lines, whose reader ends the session.
        }
    }

    /// <returns>False: it floods us.</returns>
    private bool Take(ReadOnlySpan<byte> line) => SignalingFormat.TryParse(line, out var message, out _) && message is not null
        ? TryPass() && _incoming.Writer.TryWrite(message)
        : TryHear(line);

    private bool TryHear(ReadOnlySpan<byte> text)
    {
        // Lines and what comes beside them have readers of their own.
        lock (_hearing)
        {
            if (!TryPass())
                return false;
            TextReceived?.Invoke(text);
            return true;
        }
    }

    private bool TryPass()
    {
        lock (_hearing)
            return _flood.TryPass(MonotonicClock.Now);
    }

    private async Task WriteAsync()
    {
        try
        {
            await foreach (var line in _outgoing.Reader.ReadAllAsync(_stop.Token))
                await _transport.WriteAsync(line, _stop.Token);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException)
        {
            _outgoing.Writer.TryComplete();
        }
    }
}
