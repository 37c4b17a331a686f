using Ball.Link.Messages;
using Ball.Link.Peers;
using Ball.Measuring;
using Ball.World;
using BallServer.Scoring;
using BallServer.Streaming;
using BallServer.Telemetry;
using BallServer.Views;

namespace BallServer.Peers;

/// <summary>One watcher: gets the frames, and has its coordinates scored.</summary>
internal sealed class Peer : IFrameSink
{
    private readonly SendingSession _session;
    private readonly ServerTelemetry _telemetry;
    private readonly Scorer _scorer;
    private readonly Lock _gate = new();
    private readonly RateMeter _rate = new(TimeProvider.System);
    private FrameSampling? _sampling;
    private SentFrame _leaving;
    private Score _last;

    public Peer(string name, FrameKind wants, SendingSession session, BallStream stream, ServerTelemetry telemetry)
    {
        Name = name;
        Wants = wants;
        _session = session;
        _telemetry = telemetry;
        _scorer = new Scorer(nanoseconds => stream.World.At(nanoseconds) is var ball ? (ball.X, ball.Y) : default);
        session.KeyframeNeeded += stream.RequestKeyframe;
        session.Sending += (_, rtp) => Remember(_leaving with { Rtp = rtp });
        session.CoordinatesReceived += OnCoordinates;
    }

    /// <summary>A message of this peer's was judged. On the network's thread: be quick.</summary>
    public event ScoredHandler? Scored;

    public string Name { get; }

    public FrameKind Wants { get; }

    public bool IsConnected => _session.IsConnected;

    /// <summary>Whether it is connected, or was.</summary>
    public bool WasConnected => _session.Connected.IsCompletedSuccessfully;

    public int TargetBitrate => _session.TargetBitrate;

    public long Sent => _session.Sent;

    public long Dropped => _session.Dropped;

    public ClockReading Clock => _session.Clock;

    public void Take(in PaintedFrame frame)
    {
        _leaving = new SentFrame(
            frame.Stamp.RtpTimestamp, frame.Stamp.Number, frame.Stamp.Nanoseconds, frame.PaintedAt, frame.EncodedAt, 0,
            frame.Truth.X, frame.Truth.Y);
        switch (Send(frame))
        {
            case SendOutcome.Sent:
                _telemetry.Sent();
                break;
            case SendOutcome.Busy:
                _telemetry.NotSent();
                break;
        }
    }

    /// <summary>Adds this peer's scores to others.</summary>
    public void AddTo(ScoreTotals sum) => _scorer.AddTo(sum);

    public PeerReport Report()
    {
        var totals = _scorer.Read();
        Score last;
        lock (_gate)
            last = _last;
        var isSeen = totals.Samples > 0;
        var isMatched = isSeen && last.Result == SampleResult.Matched;
        return new PeerReport(Name, IsConnected)
        {
            Rate = _rate.Of(totals.Samples),
            Reported = isSeen ? new BallPosition(last.X, last.Y) : null,
            Truth = isMatched ? new BallPosition(last.Frame.X, last.Frame.Y) : null,
            Error = isMatched ? last.Error.L2 : null,
            MeanError = totals.MeanError,
            RealtimeError = isSeen ? last.Realtime.L2 : null,
            InOrderTotal = totals.InOrderTotal,
            Latency = totals.Latency,
            Samples = totals.Samples,
            Unmatched = totals.Unmatched,
            Clock = _session.Clock,
        };
    }

    private SendOutcome Send(in PaintedFrame frame)
    {
        if (frame.Video is { } video && Wants == FrameKind.Video)
            return _session.TrySend(video);
        if (frame.Raw is not { } raw || Wants != FrameKind.Raw)
            return SendOutcome.NotReady;
        // Raw frames carry their identity themselves. One that is dropped was never sent, and nobody will name it.
        Remember(_leaving);
        return _session.TrySend(raw);
    }

    private void Remember(in SentFrame frame)
    {
        if (_sampling is null)
            Volatile.Write(ref _sampling, new FrameSampling(_session.Identity));
        _sampling!.Next(frame.Rtp);
        _scorer.Sent(frame with { Sent = MonotonicClock.Now });
    }

    private void OnCoordinates(Coordinates coordinates, long receivedAt)
    {
        var score = _scorer.Score(coordinates, receivedAt, _session.Clock);
        Scored?.Invoke(coordinates, score);
        var isTraced = score.Result == SampleResult.Matched && Volatile.Read(ref _sampling)?.IsTraced(score.Frame.Rtp) == true;
        _telemetry.Scored(_session.Identity, score, receivedAt, isTraced);
        if (score.Result is not (SampleResult.Matched or SampleResult.Plain))
            return;
        lock (_gate)
            _last = score;
    }
}
