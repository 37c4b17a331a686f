using System.Net;
using Ball.Link.Peers;
using Ball.Link.Signaling;
using Ball.Media;
using BallServer.Options;
using BallServer.Peers;
using BallServer.Streaming;

namespace BallServer.Web.Sessions;

/// <summary>
/// The sessions of pages and players: as many as there is room for, and all of them told when the server stops.
/// </summary>
internal sealed partial class WebSessions(ServerOptions options, BallStream stream, PeerRoster peers, ILoggerFactory logs)
    : IAsyncDisposable
{
    /// <summary>How many there may be at once, and how many of one address.</summary>
    public const int Most = 32;
    public const int MostOfOne = 16;

    private static readonly TimeSpan s_connectTime = TimeSpan.FromSeconds(15);

    private readonly ILogger _log = logs.CreateLogger<WebSessions>();
    private readonly Lock _gate = new();
    private readonly Dictionary<long, Running> _running = [];
    private readonly CancellationTokenSource _stop = new();
    private long _number;
    private bool _stopped;

    /// <summary>Cancelled when the server stops.</summary>
    public CancellationToken Stopping => _stop.Token;

    /// <summary>Lives a page's session, from its offer to its end, over whatever leads to the page.</summary>
    public async Task ServePageAsync(ILineTransport transport, IPAddress? remote)
    {
        await using var signaling = new PageSignaling(transport, _stop.Token);
        var served = TryServe(
            "page", signaling, remote, out var refusal,
            (in message, in score) => signaling.PostQuickly(ScoreText.Of(message, score)));
        if (served is null)
        {
            signaling.Close = refusal;
            return;
        }
        await served;
    }

    /// <summary>Starts a session; null where it is refused. The task ends with the session, and never fails.</summary>
    public Task? TryServe(
        string kind, ISignaling signaling, IPAddress? remote, out LineClose refusal, ScoredHandler? scored = null)
    {
        refusal = LineClose.Full;
        var from = remote ?? IPAddress.None;
        // Raw frames may be larger than any video.
        if (stream.VideoProblem is { } problem)
        {
            refusal = LineClose.NoVideo(problem);
            return null;
        }
        lock (_gate)
        {
            if (_stopped || _running.Count >= Most || _running.Values.Count(other => other.From.Equals(from)) >= MostOfOne)
                return null;
            var number = ++_number;
            var task = Task.Run(() => ServeAsync(number, kind, signaling, scored));
            _running.Add(number, new Running(from, task));
            return task;
        }
    }

    /// <summary>Ends all sessions, telling the pages. They end in well under a second.</summary>
    public async Task StopAsync()
    {
        Task[] all;
        lock (_gate)
        {
            _stopped = true;
            all = [.. _running.Values.Select(one => one.Task)];
        }
        await _stop.CancelAsync();
        await Task.WhenAll(all);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop.Dispose();
    }

    private async Task ServeAsync(long number, string kind, ISignaling signaling, ScoredHandler? scored)
    {
        var name = $"{kind} {number}";
        try
        {
            // The encoder's own setting decides the bitrate, which may change; a peer only ever narrows it.
            var session = new SendingSession(
                signaling,
                options.ForPeer(PeerRole.Answer) with { ConnectTime = s_connectTime, MaxBitrate = H264EncoderOptions.MaxBitrate },
                TimeProvider.System,
                logs.CreateLogger<SendingSession>());
            var end = await peers.WatchAsync(name, FrameKind.Video, session, _stop.Token, scored);
            LogGone(name, end.Detail);
        }
        catch (Exception e)
        {
            LogFailed(e, name);
        }
        finally
        {
            lock (_gate)
                _running.Remove(number);
        }
    }

    private sealed record Running(IPAddress From, Task Task);

    [LoggerMessage(LogLevel.Information, "{Peer} is gone: {Why}")]
    private partial void LogGone(string peer, string why);

    [LoggerMessage(LogLevel.Error, "{Peer} failed")]
    private partial void LogFailed(Exception error, string peer);
}
