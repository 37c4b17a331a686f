using Ball.Link.Messages;
using Ball.Link.Peers;
using Ball.Link.Signaling;
using Ball.World;
using BallClient.Options;
using BallClient.Pictures;
using BallClient.Telemetry;

namespace BallClient.Sessions;

/// <summary>
/// The client's connection with a server: session after session,
/// so that a server that goes away and comes back is picked up again.
/// </summary>
internal sealed partial class ServerConnection(
    ClientOptions options, PictureFlow flow, ClientCounts counts, ClientTelemetry telemetry, ILoggerFactory logs)
{
    private readonly ILogger _log = logs.CreateLogger<ServerConnection>();
    private ReceivingSession? _session;
    private FrameSampling? _sampling;
    private long _firstAt;
    private long _lastAt;

    /// <summary>Why there was no server at all, or null.</summary>
    public string? Failure { get; private set; }

    public SessionTally Sessions { get; } = new();

    /// <summary>Frames a second, from the first frame to the last.</summary>
    public double FramesPerSecond =>
        _lastAt > _firstAt ? (counts.Received - 1) * 1e9 / (_lastAt - _firstAt) : 0;

    /// <summary>Runs until cancelled, or until no server can be found.</summary>
    public async Task RunAsync(CancellationToken cancel)
    {
        try
        {
            if (options.Role == PeerRole.Offer)
                await ListenAsync(cancel);
            else
                await SeekAsync(cancel);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // This is how it ends.
        }
    }

    /// <summary>Tells the server where the ball was; false where this is nobody's news (any more).</summary>
    public bool Report(Guid session, in Coordinates coordinates) =>
        Volatile.Read(ref _session) is { } current && current.Identity == session && current.Report(coordinates);

    /// <summary>Whether a frame of the last seconds is traced.</summary>
    public bool IsTraced(uint rtp) => Volatile.Read(ref _sampling)?.IsTraced(rtp) == true;

    private async Task SeekAsync(CancellationToken cancel)
    {
        var search = new SessionSearch(options.SignalingHost, options.SignalingPort, options.Wait, TimeProvider.System);
        while (true)
        {
            counts.State = $"looking for a server on {search.Where}";
            LogState(counts.State);
            TcpSignaling signaling;
            try
            {
                signaling = await search.NextAsync(cancel);
            }
            catch (SignalingException nobody)
            {
                if (search.HasFound)
                    LogState(nobody.Message);
                else
                    Failure = nobody.Message;
                return;
            }
            search.Note(await LiveAsync(signaling, cancel));
            cancel.ThrowIfCancellationRequested();
        }
    }

    private async Task ListenAsync(CancellationToken cancel)
    {
        await using var listener = TcpSignalingListener.Start(options.SignalingHost, options.SignalingPort);
        while (true)
        {
            counts.State = $"waiting for a server on {listener.EndPoint}";
            LogState(counts.State);
            await LiveAsync(await listener.AcceptAsync(cancel), cancel);
            cancel.ThrowIfCancellationRequested();
        }
    }

    private async Task<SessionEnd> LiveAsync(ISignaling signaling, CancellationToken cancel)
    {
        var peer = new PeerOptions { Role = options.Role };
        var session = new ReceivingSession(
            signaling, peer, options.Message, TimeProvider.System, logs.CreateLogger<ReceivingSession>());
        using var decoding = new VideoDecoding(
            (rtp, receivedAt, picture) =>
            {
                var now = MonotonicClock.Now;
                var isTraced = ChooseForTrace(session, rtp);
                counts.AddDecoded(now - receivedAt);
                telemetry.Decoded(session.Identity, rtp, receivedAt, now, isTraced);
                flow.WaitInBurst(receivedAt);
                flow.Take(session.Identity, rtp, receivedAt, isTraced, picture);
            },
            session.RequestKeyframe);
        session.FrameReceived += frame =>
        {
            Came(frame.ReceivedAt);
            decoding.Take(frame);
        };
        session.RawFrameReceived += (frame, receivedAt) =>
        {
            Came(receivedAt);
            counts.AddRaw();
            flow.Take(session.Identity, frame.Header.Rtp, receivedAt, ChooseForTrace(session, frame.Header.Rtp), frame.Picture);
        };
        counts.State = "connecting";
        Volatile.Write(ref _sampling, null);
        Volatile.Write(ref _session, session);
        Sessions.Begin(session, decoding);
        _ = session.Connected.ContinueWith(_ => counts.State = "connected", TaskScheduler.Default);
        var end = await session.RunAsync(cancel);
        Volatile.Write(ref _session, null);
        Sessions.End();
        if (end.Reason == SessionEndReason.Cancelled)
            return end;
        if (end.WasConnected)
            LogGone(end.Detail);
        else
            LogNoSession(end.Detail);
        return end;
    }

    private bool ChooseForTrace(ReceivingSession session, uint rtp)
    {
        if (_sampling is null)
            Volatile.Write(ref _sampling, new FrameSampling(session.Identity));
        return _sampling!.Next(rtp);
    }

    private void Came(long receivedAt)
    {
        if (_firstAt == 0)
            _firstAt = receivedAt;
        _lastAt = receivedAt;
        counts.AddReceived();
        telemetry.Received();
    }

    [LoggerMessage(LogLevel.Information, "{State}")]
    private partial void LogState(string state);

    [LoggerMessage(LogLevel.Information, "The server is gone: {Why}")]
    private partial void LogGone(string why);

    [LoggerMessage(LogLevel.Information, "No session: {Why}")]
    private partial void LogNoSession(string why);
}
