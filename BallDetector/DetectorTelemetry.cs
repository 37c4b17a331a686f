using System.Diagnostics;
using System.Diagnostics.Metrics;
using Ball.Handoff;
using Ball.World;

namespace BallDetector;

/// <summary>What the detector tells the world about each frame. Costs almost nothing while nobody listens.</summary>
internal sealed class DetectorTelemetry : IDisposable
{
    private const string Name = "Ball";
    private static readonly KeyValuePair<string, object?> s_detected = new("stage", "detected");
    private static readonly KeyValuePair<string, object?> s_detect = new("stage", "detect");
    private static readonly KeyValuePair<string, object?> s_pipe = new("stage", "pipe");
    private static readonly KeyValuePair<string, object?> s_busy = new("reason", "busy");
    private static readonly KeyValuePair<string, object?> s_failed = new("reason", "failed");

    private readonly Meter _meter = new(Name);
    private readonly ActivitySource _source = new(Name);
    private readonly Counter<long> _frames;
    private readonly Counter<long> _dropped;
    private readonly Histogram<double> _latency;

    public DetectorTelemetry()
    {
        _frames = _meter.CreateCounter<long>("ball.frames", "{frame}", "Frames that passed a stage");
        _dropped = _meter.CreateCounter<long>("ball.frames.dropped", "{frame}", "Frames that a stage left out");
        _latency = _meter.CreateHistogram<double>("ball.stage.latency", "ms", "Time a frame spent in a stage");
    }

    public void Missed(long frames) => _dropped.Add(frames, s_detect, s_busy);

    public void Failed() => _dropped.Add(1, s_detect, s_failed);

    public void Detected(in Coordinate coordinate, bool isTraced)
    {
        _frames.Add(1, s_detected);
        _latency.Record((coordinate.StartedAt - coordinate.OfferedAt) / 1e6, s_pipe);
        _latency.Record((coordinate.EndedAt - coordinate.StartedAt) / 1e6, s_detect);
        if (isTraced && _source.HasListeners())
            Trace(coordinate);
    }

    public void Dispose()
    {
        _meter.Dispose();
        _source.Dispose();
    }

    private void Trace(in Coordinate coordinate)
    {
        var parent = FrameTrace.Of(coordinate.Session, coordinate.RtpTimestamp).Context;
        // Spans want times of day; the distance from now carries the monotonic ones over.
        var now = DateTime.UtcNow;
        var monotonic = TimeProvider.System.Nanoseconds();
        DateTime At(long nanoseconds) => now.AddTicks((nanoseconds - monotonic) / 100);

        using (var pipe = _source.StartActivity("pipe", ActivityKind.Consumer, parent, startTime: At(coordinate.OfferedAt)))
            pipe?.SetEndTime(At(coordinate.StartedAt));
        using var detect = _source.StartActivity("detect", ActivityKind.Internal, parent, startTime: At(coordinate.StartedAt));
        if (detect is null)
            return;
        detect.SetTag("ball.rtp", (long)coordinate.RtpTimestamp);
        detect.SetTag("ball.frame", coordinate.Frame);
        detect.SetTag("ball.finder", coordinate.Finder.ToString());
        detect.SetTag("ball.x", coordinate.X);
        detect.SetTag("ball.y", coordinate.Y);
        detect.SetTag("ball.confidence", coordinate.Confidence);
        detect.SetEndTime(At(coordinate.EndedAt));
    }
}
