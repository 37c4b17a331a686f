using System.Diagnostics;
using System.Diagnostics.Metrics;
using Ball.World;
using BallServer.Peers;
using BallServer.Scoring;

namespace BallServer.Telemetry;

/// <summary>What the server tells the world about each frame and sample. Costs almost nothing while nobody listens.</summary>
internal sealed class ServerTelemetry : IDisposable
{
    private const string Name = "Ball";
    private static readonly KeyValuePair<string, object?> s_rendered = new("stage", "rendered");
    private static readonly KeyValuePair<string, object?> s_encoded = new("stage", "encoded");
    private static readonly KeyValuePair<string, object?> s_sent = new("stage", "sent");
    private static readonly KeyValuePair<string, object?> s_paint = new("stage", "paint");
    private static readonly KeyValuePair<string, object?> s_encode = new("stage", "encode");
    private static readonly KeyValuePair<string, object?> s_busy = new("reason", "busy");
    private static readonly KeyValuePair<string, object?> s_sameFrame = new("kind", "frame");
    private static readonly KeyValuePair<string, object?> s_realtime = new("kind", "realtime");
    private static readonly KeyValuePair<string, object?>[] s_results =
        [.. Enum.GetNames<SampleResult>().Select(name => new KeyValuePair<string, object?>("result", name.ToLowerInvariant()))];

    /// <summary>Where the buckets of histograms end: the usual ones are made for seconds.</summary>
    private static readonly InstrumentAdvice<double> s_milliseconds = new()
    {
        HistogramBucketBoundaries = [0.05, 0.1, 0.2, 0.5, 1, 1.5, 2, 3, 4, 5, 6, 8, 10, 13, 17, 25, 33, 50, 100, 200, 500, 1000],
    };

    private static readonly InstrumentAdvice<double> s_pixels = new()
    {
        HistogramBucketBoundaries = [0.01, 0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1, 2, 3, 5, 7.5, 10, 15, 20, 50, 100, 500],
    };

    private readonly Meter _meter = new(Name);
    private readonly ActivitySource _source = new(Name);
    private readonly Counter<long> _frames;
    private readonly Counter<long> _dropped;
    private readonly Counter<long> _samples;
    private readonly Histogram<double> _loopLatency;
    private readonly Histogram<double> _stageLatency;
    private readonly Histogram<double> _error;

    public ServerTelemetry()
    {
        _frames = _meter.CreateCounter<long>("ball.frames", "{frame}", "Frames that passed a stage");
        _dropped = _meter.CreateCounter<long>("ball.frames.dropped", "{frame}", "Frames that a stage left out");
        _samples = _meter.CreateCounter<long>("ball.samples", "{sample}", "Coordinates that came back");
        _loopLatency = _meter.CreateHistogram<double>("ball.loop.latency", "ms", "From the instant a frame shows until its coordinates are back", advice: s_milliseconds);
        _stageLatency = _meter.CreateHistogram<double>("ball.stage.latency", "ms", "Time a frame spent in a stage", advice: s_milliseconds);
        _error = _meter.CreateHistogram<double>("ball.error", "px", "How far the reported ball is from the true one", advice: s_pixels);
    }

    /// <summary>Tells, whenever somebody asks, how many peers are connected and how uncertain the worst of their clocks is.</summary>
    public void Observe(PeerRoster peers)
    {
        _meter.CreateObservableGauge("ball.peers", () => peers.Connected, "{peer}", "Peers that are connected");
        _meter.CreateObservableGauge(
            "ball.clock.uncertainty", () => peers.ClockUncertainty, "ms", "How far off a peer's clock may be");
    }

    public void Made(FrameStamp stamp, long paintedAt, long encodedAt)
    {
        _frames.Add(1, s_rendered);
        _stageLatency.Record((paintedAt - stamp.Nanoseconds) / 1e6, s_paint);
        if (encodedAt == 0)
            return;
        _frames.Add(1, s_encoded);
        _stageLatency.Record((encodedAt - paintedAt) / 1e6, s_encode);
    }

    public void Sent() => _frames.Add(1, s_sent);

    public void Dropped(string stage) => _dropped.Add(1, new KeyValuePair<string, object?>("stage", stage), s_busy);

    public void Scored(Guid session, in Score score, long now)
    {
        _samples.Add(1, s_results[(int)score.Result]);
        if (score.Result is SampleResult.Matched or SampleResult.Plain)
            _error.Record(score.Realtime.L2, s_realtime);
        if (score.Result != SampleResult.Matched)
            return;
        _error.Record(score.Error.L2, s_sameFrame);
        _loopLatency.Record(score.Latency / 1e6);
        if (_source.HasListeners() && FrameTrace.IsSampled(session, score.Frame.Rtp))
            Trace(session, score, now);
    }

    public void Dispose()
    {
        _meter.Dispose();
        _source.Dispose();
    }

    private void Trace(Guid session, in Score score, long now)
    {
        var frame = score.Frame;
        var stages = new StageSpans(_source, FrameTrace.Of(session, frame.Rtp));
        stages.Add("paint", ActivityKind.Internal, frame.Shown, frame.Painted);
        if (frame.Encoded != 0)
            stages.Add("encode", ActivityKind.Internal, frame.Painted, frame.Encoded);
        using var loop = stages.Start("loop", ActivityKind.Server, frame.Shown, now);
        loop?.SetTag("ball.rtp", (long)frame.Rtp);
        loop?.SetTag("ball.frame", frame.Number);
        loop?.SetTag("ball.truth.x", frame.X);
        loop?.SetTag("ball.truth.y", frame.Y);
        loop?.SetTag("ball.x", score.X);
        loop?.SetTag("ball.y", score.Y);
        loop?.SetTag("ball.error", score.Error.L2);
        loop?.SetTag("ball.realtime_error", score.Realtime.L2);
    }
}
