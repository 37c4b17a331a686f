using System.Diagnostics;
using Ball.Measuring;
using Ball.World;
using BallServer.Peers;
using BallServer.Scoring;

namespace BallServer.Telemetry;

/// <summary>What the server tells the world about each frame and sample. Costs almost nothing while nobody listens.</summary>
internal sealed class ServerTelemetry : IDisposable
{
    private static readonly KeyValuePair<string, object?> s_rendered = BallInstruments.Stage("rendered");
    private static readonly KeyValuePair<string, object?> s_encoded = BallInstruments.Stage("encoded");
    private static readonly KeyValuePair<string, object?> s_sent = BallInstruments.Stage("sent");
    private static readonly KeyValuePair<string, object?> s_paint = BallInstruments.Stage("paint");
    private static readonly KeyValuePair<string, object?> s_encode = BallInstruments.Stage("encode");
    private static readonly KeyValuePair<string, object?> s_send = BallInstruments.Stage("send");
    private static readonly KeyValuePair<string, object?> s_busy = BallInstruments.Reason("busy");
    private static readonly KeyValuePair<string, object?> s_sameFrame = BallInstruments.Kind("frame");
    private static readonly KeyValuePair<string, object?> s_realtime = BallInstruments.Kind("realtime");
    private static readonly KeyValuePair<string, object?>[] s_results =
        [.. Enum.GetNames<SampleResult>().Select(name => BallInstruments.Result(name.ToLowerInvariant()))];

    private readonly BallInstruments _instruments = new();

    /// <summary>
    /// Tells, whenever somebody asks, how many peers are connected and how uncertain the worst of their clocks is.
    /// </summary>
    public void Observe(PeerRoster peers)
    {
        _instruments.Meter.CreateObservableGauge("ball.peers", () => peers.Connected, "{peer}", "Peers that are connected");
        _instruments.Meter.CreateObservableGauge(
            "ball.clock.uncertainty", () => peers.WorstClock.UncertaintyMilliseconds ?? 0, "ms",
            "How far off a peer's clock may be");
    }

    public void Made(FrameStamp stamp, long paintedAt, long encodedAt)
    {
        _instruments.Frames.Add(1, s_rendered);
        _instruments.StageLatency.Record((paintedAt - stamp.Nanoseconds) / 1e6, s_paint);
        if (encodedAt == 0)
            return;
        _instruments.Frames.Add(1, s_encoded);
        _instruments.StageLatency.Record((encodedAt - paintedAt) / 1e6, s_encode);
    }

    public void Sent() => _instruments.Frames.Add(1, s_sent);

    public void NotSent() => _instruments.Dropped.Add(1, s_send, s_busy);

    public void Scored(Guid session, in Score score, long now, bool isTraced)
    {
        _instruments.Samples.Add(1, s_results[(int)score.Result]);
        if (score.Result is SampleResult.Matched or SampleResult.Plain)
            _instruments.Error.Record(score.Realtime.L2, s_realtime);
        if (score.Result != SampleResult.Matched)
            return;
        _instruments.Error.Record(score.Error.L2, s_sameFrame);
        _instruments.LoopLatency.Record(score.Latency / 1e6);
        if (isTraced && _instruments.Source.HasListeners())
            Trace(session, score, now);
    }

    public void Dispose() => _instruments.Dispose();

    private void Trace(Guid session, in Score score, long now)
    {
        var frame = score.Frame;
        var stages = new StageSpans(_instruments.Source, FrameTrace.Of(session, frame.Rtp));
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
