using Ball.Link.Messages;
using Ball.Link.Peers;
using BallServer.Scoring;
using BallServer.Streaming;
using BallServer.Telemetry;
using BallServer.Views;

namespace BallServer.Peers;

/// <summary>Who watches now, and what those who left have scored.</summary>
internal sealed class PeerRoster(BallStream stream, ServerTelemetry telemetry)
{
    private readonly Lock _gate = new();
    private readonly List<Peer> _present = [];
    private readonly ScoreTotals _past = new();
    private long _pastSent;
    private long _pastDropped;
    private ClockReading _pastClock;
    private int _pastCount;

    /// <summary>How many there ever were that got connected.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
                return _pastCount + _present.Count(peer => peer.WasConnected);
        }
    }

    public int Connected => Present.Count(peer => peer.IsConnected);

    /// <summary>The clock that is known worst, of those present; not known where none is.</summary>
    public ClockReading WorstClock => Present.Aggregate(default(ClockReading), (worst, peer) => Worse(worst, peer.Clock));

    /// <summary>The same, with the clocks of those who left as they were then.</summary>
    public ClockReading WorstClockEver
    {
        get
        {
            lock (_gate)
                return _present.Aggregate(_pastClock, (worst, peer) => Worse(worst, peer.Clock));
        }
    }

    private Peer[] Present
    {
        get
        {
            lock (_gate)
                return [.. _present];
        }
    }

    /// <summary>Lets a session watch until it ends.</summary>
    /// <param name="scored">Hears of each judged message, for peers that want to know.</param>
    public async Task<SessionEnd> WatchAsync(
        string name, FrameKind wants, SendingSession session, CancellationToken cancel, ScoredHandler? scored = null)
    {
        var peer = new Peer(name, wants, session, stream, telemetry);
        peer.Scored += scored;
        lock (_gate)
            _present.Add(peer);
        stream.Add(peer);
        try
        {
            return await session.RunAsync(cancel);
        }
        finally
        {
            stream.Remove(peer);
            lock (_gate)
            {
                _present.Remove(peer);
                _pastCount += peer.WasConnected ? 1 : 0;
                peer.AddTo(_past);
                _pastSent += peer.Sent;
                _pastDropped += peer.Dropped;
                _pastClock = Worse(_pastClock, peer.Clock);
            }
        }
    }

    public IReadOnlyList<PeerReport> Report() => [.. Present.Select(peer => peer.Report())];

    /// <summary>The bitrate that suits the narrowest peer; null where nobody watches.</summary>
    public int? NarrowestBitrate =>
        Present.Where(peer => peer.IsConnected && peer.Wants == FrameKind.Video).Min(peer => (int?)peer.TargetBitrate);

    /// <summary>All peers' scores, of those present and those who left.</summary>
    public (ScoreTotals Totals, long Sent, long Dropped) Sum()
    {
        var totals = new ScoreTotals();
        lock (_gate)
        {
            totals.Add(_past);
            foreach (var peer in _present)
                peer.AddTo(totals);
            return (totals, _pastSent + _present.Sum(peer => peer.Sent), _pastDropped + _present.Sum(peer => peer.Dropped));
        }
    }

    private static ClockReading Worse(ClockReading one, ClockReading other) =>
        !one.IsKnown || (other.IsKnown && other.Uncertainty > one.Uncertainty) ? other : one;
}
