using Ball.Link.Peers;
using Ball.Link.Signaling;
using BallServer.Options;
using BallServer.Streaming;

namespace BallServer.Peers;

/// <summary>
/// Gets the server its peers: as the offerer it listens and takes as many as come; as the answerer it looks for one, and for the
/// next when that one is gone.
/// </summary>
internal sealed partial class Invitation(ServerOptions options, PeerRoster peers, ILoggerFactory logs)
{
    private readonly ILogger _log = logs.CreateLogger<Invitation>();
    private int _number;

    /// <summary>Where peers find us, in words.</summary>
    public string Where { get; private set; } = "";

    /// <summary>Why no peer could be had at all, or null.</summary>
    public string? Failure { get; private set; }

    /// <summary>Runs until cancelled, or until nobody can be found.</summary>
    public Task RunAsync(CancellationToken cancel) => options.Role == PeerRole.Offer ? ListenAsync(cancel) : SeekAsync(cancel);

    private async Task ListenAsync(CancellationToken cancel)
    {
        await using var listener = TcpSignalingListener.Start(options.SignalingHost, options.SignalingPort);
        Where = $"clients connect to {listener.EndPoint}";
        LogListening(listener.EndPoint);
        var sessions = new List<Task>();
        try
        {
            while (true)
            {
                var signaling = await listener.AcceptAsync(cancel);
                sessions.RemoveAll(session => session.IsCompleted);
                sessions.Add(ServeAsync(signaling, cancel));
            }
        }
        catch (OperationCanceledException)
        {
            // This is how it ends.
        }
        await Task.WhenAll(sessions);
    }

    private async Task SeekAsync(CancellationToken cancel)
    {
        var search = new SessionSearch(options.SignalingHost, options.SignalingPort, options.Wait, TimeProvider.System);
        try
        {
            while (true)
            {
                Where = $"looking for a client on {search.Where}";
                var signaling = await search.NextAsync(cancel);
                Where = $"found a client on {search.Where}";
                search.Note(await ServeAsync(signaling, cancel));
            }
        }
        catch (OperationCanceledException)
        {
            // This is how it ends.
        }
        catch (SignalingException nobody) when (search.HasFound)
        {
            LogNobody(nobody.Message);
        }
        catch (SignalingException nobody)
        {
            Failure = nobody.Message;
        }
    }

    private async Task<SessionEnd> ServeAsync(ISignaling signaling, CancellationToken cancel)
    {
        var name = $"peer {Interlocked.Increment(ref _number)}";
        var session = new SendingSession(
            signaling,
            options.ForPeer(options.Role) with { Frames = options.Frames, MaxBitrate = options.Bitrate },
            TimeProvider.System,
            logs.CreateLogger<SendingSession>());
        var wants = options.Frames == FrameCarrier.Video ? FrameKind.Video : FrameKind.Raw;
        var end = await peers.WatchAsync(name, wants, session, cancel);
        if (end.Reason != SessionEndReason.Cancelled)
            LogGone(name, end.Detail);
        return end;
    }

    [LoggerMessage(LogLevel.Information, "Clients connect to {Address}")]
    private partial void LogListening(System.Net.IPEndPoint address);

    [LoggerMessage(LogLevel.Information, "{Peer} is gone: {Why}")]
    private partial void LogGone(string peer, string why);

    [LoggerMessage(LogLevel.Information, "{Why}")]
    private partial void LogNobody(string why);
}
