using Ball.Link.Messages;
using Ball.Link.Signaling;
using Ball.Measuring;
using Microsoft.Extensions.Logging;
using SIPSorcery.Net;
using SIPSorceryMedia.Abstractions;

namespace Ball.Link.Peers;

/// <summary>
/// A session with one peer, from the first word of signalling to the end: <see cref="RunAsync"/> is all of its life. It agrees on
/// video and data channels, compares clocks, and notices when the peer is gone.
/// </summary>
/// <remarks>Events come on the engine's threads, one at a time for each kind, and should be quick.</remarks>
public abstract partial class PeerSession : IAsyncDisposable
{
    /// <summary>The label of the channel that coordinates travel on.</summary>
    public const string CoordinatesLabel = "coordinates";

    /// <summary>The label of the channel that raw frames travel on.</summary>
    public const string FramesLabel = "frames";

    /// <summary>H.264 as every WebRTC end knows it: constrained baseline, packets of any size.</summary>
    private protected const string H264Parameters =
        "level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f";

    const int H264PayloadType = 102;
    const long LateTalk = 2_000_000_000;
    static readonly TimeSpan s_quickBeat = TimeSpan.FromMilliseconds(50);
    static readonly TimeSpan s_beat = TimeSpan.FromMilliseconds(250);
    static readonly TimeSpan s_closingTime = TimeSpan.FromSeconds(1);

    readonly ISignaling _signaling;
    readonly ILogger _log;
    readonly TaskCompletionSource<SessionEnd> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly TaskCompletionSource _connected = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly CancellationTokenSource _stop = new();
    readonly Lock _clockGate = new();
    readonly ClockExchange _clock = new();
    readonly Lock _channelGate = new();
    readonly List<DataChannel> _channels = [];
    ITextChannel? _helloFrom;
    Task _opening = Task.CompletedTask;
    RTCPeerConnection? _connection;
    long _signalsGoneAt = long.MaxValue;
    long _heardAt = long.MinValue;
    int _started;

    private protected PeerSession(ISignaling signaling, PeerOptions options, TimeProvider time, ILogger log)
    {
        _signaling = signaling;
        _log = log;
        Options = options;
        Time = time;
        if (signaling is ITextSignaling texts)
        {
            var beside = new SignalingTexts(texts);
            texts.TextReceived += text => OnText(beside, text);
        }
    }

    /// <summary>Whether frames and messages can flow.</summary>
    public bool IsConnected => _connected.Task.IsCompletedSuccessfully && !_ended.Task.IsCompleted;

    /// <summary>Completes when frames can flow; never, if that does not come to pass.</summary>
    public Task Connected => _connected.Task;

    /// <summary>What both ends know this session by; empty before they agreed.</summary>
    public Guid Identity { get; private set; }

    /// <summary>Texts that were not understood.</summary>
    public long UnknownMessages { get; private set; }

    private protected PeerOptions Options { get; }

    private protected TimeProvider Time { get; }

    private protected RTCPeerConnection? Connection => _connection;

    private protected long Now => Time.Nanoseconds();

    /// <summary>What is known of the peer's clock now.</summary>
    public ClockReading Clock => _clock.Offset.Read(Now);

    /// <summary>Lives the session. Never fails: the result says how it ended.</summary>
    public async Task<SessionEnd> RunAsync(CancellationToken cancel)
    {
        if (Interlocked.Exchange(ref _started, 1) != 0)
            throw new InvalidOperationException("A session is lived once.");
        using var asked = cancel.Register(() => End(SessionEndReason.Cancelled, "it was called off"));
        await using var patience = Time.CreateTimer(
            _ => GiveUp(), null, Options.ConnectTime, Timeout.InfiniteTimeSpan).ConfigureAwait(false);
        Task work = Task.Run(() => WorkAsync(_stop.Token), CancellationToken.None);
        SessionEnd end = await _ended.Task.ConfigureAwait(false);
        await CloseAsync(work).ConfigureAwait(false);
        LogEnd(_log, end.Reason, end.Detail);
        return end;
    }

    /// <summary>Ends the session, if it has not ended.</summary>
    public async ValueTask DisposeAsync()
    {
        End(SessionEndReason.Cancelled, "it was disposed of");
        if (Interlocked.Exchange(ref _started, 1) == 0)
            await CloseAsync(Task.CompletedTask).ConfigureAwait(false);
        GC.SuppressFinalize(this);
    }

    /// <summary>The direction of our video, seen from here.</summary>
    private protected abstract MediaStreamStatusEnum VideoDirection { get; }

    /// <summary>Whether an offer of ours has video in it.</summary>
    private protected abstract bool OffersVideo { get; }

    /// <summary>The channels that this end opens: with the offer, or (answering) once connected.</summary>
    private protected abstract bool OpensFramesChannel { get; }

    /// <summary>Subscribes to what the connection brings.</summary>
    private protected abstract void Attach(RTCPeerConnection connection);

    /// <summary>A peer whose signalling ended, and that is silent for so many nanoseconds, is gone.</summary>
    private protected abstract long TellingSilence { get; }

    private protected virtual void OnConnected()
    {
    }

    private protected virtual void OnChannelOpen(DataChannel channel)
    {
    }

    private protected virtual void OnHello()
    {
    }

    private protected virtual void OnCoordinates(in Coordinates coordinates, long receivedAt)
    {
    }

    private protected virtual void OnBinary(ReadOnlySpan<byte> message, long receivedAt)
    {
    }

    /// <summary>The peer was heard: it lives.</summary>
    private protected void Heard(long now) => Volatile.Write(ref _heardAt, now);

    /// <summary>Does what has to wait for the connection; its failure is the session's.</summary>
    private protected void OpenLater(Func<CancellationToken, Task> open)
    {
        lock (_channelGate)
            _opening = Task.WhenAll(_opening, Task.Run(() => OpenAsync(open)));
    }

    async Task OpenAsync(Func<CancellationToken, Task> open)
    {
        try
        {
            await open(_stop.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The session ended first.
        }
        catch (Exception e)
        {
            Fail(e);
        }
    }

    /// <summary>The open channel with that label; or, if asked for, the best that there is.</summary>
    private protected DataChannel? OpenChannel(string label, bool orAny = false)
    {
        lock (_channelGate)
        {
            DataChannel? other = null;
            foreach (var channel in _channels)
            {
                if (!channel.IsOpen)
                    continue;
                if (channel.Label == label)
                    return channel;
                // Only if there is nothing else do coordinates travel on a channel that is meant for frames.
                if (other is null || other.Label == FramesLabel)
                    other = channel;
            }
            return orAny ? other : null;
        }
    }

    /// <summary>Runs a handler of the application's; if it fails, so does the session, and nobody else.</summary>
    private protected void Guard(Action action)
    {
        try
        {
            action();
        }
        catch (Exception e)
        {
            Fail(e);
        }
    }

    private protected void Fail(Exception e)
    {
        LogFailure(_log, e);
        End(SessionEndReason.Failed, e.Message);
    }

    private protected void End(SessionEndReason reason, string detail) =>
        _ended.TrySetResult(new SessionEnd(reason, detail, _connected.Task.IsCompleted));

    void GiveUp()
    {
        if (!_connected.Task.IsCompleted)
        {
            End(SessionEndReason.NeverConnected, $"no connection within {Options.ConnectTime.TotalSeconds:0.#} s; "
                + $"signalling went as far as '{_connection?.signalingState}', ICE as '{_connection?.iceConnectionState}'");
        }
    }

    async Task CloseAsync(Task work)
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        try
        {
            await Task.WhenAll(work, _opening).WaitAsync(s_closingTime, Time).ConfigureAwait(false);
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException)
        {
            // The engine blocks somewhere; closing the connection gets it out of there.
        }
        try
        {
            _connection?.close();
            _connection?.Dispose();
        }
        catch (Exception e)
        {
            LogFailure(_log, e);
        }
        await _signaling.DisposeAsync().ConfigureAwait(false);
    }

    async Task WorkAsync(CancellationToken cancel)
    {
        try
        {
            if (await NegotiateAsync(cancel).ConfigureAwait(false))
                await Task.WhenAll(ReadSignalsAsync(cancel), WatchAsync(cancel)).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // Somebody else knows why.
        }
        catch (SignalingException e)
        {
            End(_connected.Task.IsCompleted ? SessionEndReason.Lost : SessionEndReason.Refused, e.Message);
        }
        catch (Exception e)
        {
            Fail(e);
        }
    }

    async Task WatchAsync(CancellationToken cancel)
    {
        await _connected.Task.WaitAsync(cancel).ConfigureAwait(false);
        int beats = 0;
        while (!cancel.IsCancellationRequested)
        {
            await Task.Delay(beats++ < 40 ? s_quickBeat : s_beat, Time, cancel).ConfigureAwait(false);
            long now = Now;
            AskForClock(now);
            NoticeVanishedPeer(now);
        }
    }

    void AskForClock(long now)
    {
        if (_helloFrom is not { IsOpen: true } channel)
            return;
        lock (_clockGate)
        {
            if (_clock.Due(now) is { } question)
                channel.Send(question);
        }
    }

    /// <summary>
    /// A killed peer's TCP connection ends at once, long before ICE notices; but there are peers that merely hang up once all is
    /// said. So that alone is no end, but if the peer falls silent at the same time it is.
    /// </summary>
    void NoticeVanishedPeer(long now)
    {
        long gone = Volatile.Read(ref _signalsGoneAt);
        if (gone == long.MaxValue)
            return;
        long heard = Volatile.Read(ref _heardAt);
        bool wasTalking = heard > gone - LateTalk;
        if (wasTalking && now - Math.Max(heard, gone) > TellingSilence)
            End(SessionEndReason.Lost, "the peer hung up without a word, and fell silent");
        else if (_connection?.connectionState == RTCPeerConnectionState.disconnected)
            End(SessionEndReason.Lost, "the peer hung up without a word, and cannot be reached");
    }

    void OnConnectionState(RTCPeerConnectionState state)
    {
        LogState(_log, state);
        switch (state)
        {
            case RTCPeerConnectionState.connected when _connected.TrySetResult():
                Guard(OnConnected);
                break;
            case RTCPeerConnectionState.failed when _connected.Task.IsCompleted:
                End(SessionEndReason.Lost, "nothing came from the peer any more");
                break;
            case RTCPeerConnectionState.failed:
                End(SessionEndReason.NeverConnected, "no way was found to the peer; is a firewall between?");
                break;
            case RTCPeerConnectionState.closed:
                End(SessionEndReason.PeerLeft, "the peer closed the connection");
                break;
        }
    }

    void Adopt(RTCDataChannel channel)
    {
        var adopted = new DataChannel(channel);
        lock (_channelGate)
        {
            if (_channels.Exists(known => known.Is(channel)))
                return;
            _channels.Add(adopted);
        }
        // Whatever escapes from these would end the engine's association, so nothing does.
        channel.onmessage += (_, kind, data) => OnMessage(adopted, kind, data);
        channel.onopen += () => Guard(() => OnChannelOpen(adopted));
        if (adopted.IsOpen)
            Guard(() => OnChannelOpen(adopted));
    }

    void OnMessage(DataChannel channel, DataChannelPayloadProtocols kind, byte[] data)
    {
        if (kind == DataChannelPayloadProtocols.WebRTC_String)
        {
            OnText(channel, data);
            return;
        }
        long now = Now;
        Heard(now);
        if (kind != DataChannelPayloadProtocols.WebRTC_Binary)
            return;
        try
        {
            OnBinary(data, now);
        }
        catch (Exception e)
        {
            Fail(e);
        }
    }

    void OnText(ITextChannel channel, ReadOnlySpan<byte> text)
    {
        long now = Now;
        Heard(now);
        try
        {
            Take(channel, PeerMessage.Read(text), now);
        }
        catch (Exception e)
        {
            Fail(e);
        }
    }

    void Take(ITextChannel channel, in PeerMessage message, long now)
    {
        switch (message.Kind)
        {
            case PeerMessageKind.Coordinates:
                OnCoordinates(message.Coordinates, now);
                break;
            case PeerMessageKind.Hello:
                bool first = _helloFrom is null;
                _helloFrom = channel;
                if (message.AnswersClock)
                {
                    lock (_clockGate)
                        _clock.PeerKnowsClocks();
                }
                if (first)
                    OnHello();
                break;
            case PeerMessageKind.ClockAsk:
                channel.Send(ClockExchange.Answer(message.Clock, now, Now));
                break;
            case PeerMessageKind.ClockAnswer:
                lock (_clockGate)
                    _clock.Take(message.Clock, now);
                break;
            default:
                UnknownMessages++;
                break;
        }
    }

    /// <summary>Says hello where the peer did, or on the channel that coordinates travel on.</summary>
    private protected void SayHello(string name) =>
        (_helloFrom ?? OpenChannel(CoordinatesLabel, orAny: true))?.Send(ClockMessages.Hello(name));

    private protected static VideoFormat H264 => new(VideoCodecsEnum.H264, H264PayloadType, 90_000, H264Parameters);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Connection {State}")]
    static partial void LogState(ILogger log, RTCPeerConnectionState state);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Session ended, {Reason}: {Detail}")]
    static partial void LogEnd(ILogger log, SessionEndReason reason, string detail);

    [LoggerMessage(Level = LogLevel.Error, Message = "Session failed")]
    static partial void LogFailure(ILogger log, Exception failure);
}
