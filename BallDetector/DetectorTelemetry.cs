using System.Diagnostics;
using Ball.Handoff;
using Ball.Measuring;
using Ball.World;

namespace BallDetector;

/// <summary>What the detector tells the world about each frame. Costs almost nothing while nobody listens.</summary>
internal sealed class DetectorTelemetry : IDisposable
{
    private static readonly KeyValuePair<string, object?> s_detected = BallInstruments.Stage("detected");
    private static readonly KeyValuePair<string, object?> s_detect = BallInstruments.Stage("detect");
    private static readonly KeyValuePair<string, object?> s_pipe = BallInstruments.Stage("pipe");
    private static readonly KeyValuePair<string, object?> s_busy = BallInstruments.Reason("busy");
    private static readonly KeyValuePair<string, object?> s_failed = BallInstruments.Reason("failed");

    private readonly BallInstruments _instruments = new();

    public void Missed(long frames) => _instruments.Dropped.Add(frames, s_detect, s_busy);

    public void Failed() => _instruments.Dropped.Add(1, s_detect, s_failed);

    public void Detected(in Coordinate coordinate, bool isTraced)
    {
        _instruments.Frames.Add(1, s_detected);
        _instruments.StageLatency.Record((coordinate.StartedAt - coordinate.OfferedAt) / 1e6, s_pipe);
        _instruments.StageLatency.Record((coordinate.EndedAt - coordinate.StartedAt) / 1e6, s_detect);
        if (isTraced && _instruments.Source.HasListeners())
            Trace(coordinate);
    }

    public void Dispose() => _instruments.Dispose();

    private void Trace(in Coordinate coordinate)
    {
        var stages = new StageSpans(_instruments.Source, FrameTrace.Of(coordinate.Session, coordinate.RtpTimestamp));
        stages.Add("pipe", ActivityKind.Consumer, coordinate.OfferedAt, coordinate.StartedAt);
        using var detect = stages.Start("detect", ActivityKind.Internal, coordinate.StartedAt, coordinate.EndedAt);
        if (detect is null)
            return;
        detect.SetTag("ball.rtp", (long)coordinate.RtpTimestamp);
        detect.SetTag("ball.frame", coordinate.Frame);
        detect.SetTag("ball.finder", coordinate.Finder.ToString());
        detect.SetTag("ball.x", coordinate.X);
        detect.SetTag("ball.y", coordinate.Y);
        detect.SetTag("ball.confidence", coordinate.Confidence);
    }
}
