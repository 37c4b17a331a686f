using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Ball.Measuring;

/// <summary>
/// The instruments that all processes share, by the names that dashboards know. Who uses only some of them reports only those.
/// </summary>
public sealed class BallInstruments : IDisposable
{
    /// <summary>The meter and the activity source.</summary>
    public const string Name = "Ball";

    /// <summary>Where the buckets of histograms end: the usual ones are made for seconds.</summary>
    private static readonly InstrumentAdvice<double> s_milliseconds = new()
    {
        HistogramBucketBoundaries =
            [0.05, 0.1, 0.2, 0.5, 1, 1.5, 2, 3, 4, 5, 6, 8, 10, 13, 17, 25, 33, 50, 100, 200, 500, 1000],
    };

    private static readonly InstrumentAdvice<double> s_pixels = new()
    {
        HistogramBucketBoundaries =
            [0.01, 0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1, 2, 3, 5, 7.5, 10, 15, 20, 50, 100, 500],
    };

    public BallInstruments()
    {
        Frames = Meter.CreateCounter<long>("ball.frames", "{frame}", "Frames that passed a stage");
        Dropped = Meter.CreateCounter<long>("ball.frames.dropped", "{frame}", "Frames that a stage left out");
        Samples = Meter.CreateCounter<long>("ball.samples", "{sample}", "Coordinates of the ball");
        LoopLatency = Meter.CreateHistogram(
            "ball.loop.latency", "ms", "From the instant a frame shows until its coordinates are back", advice: s_milliseconds);
        StageLatency = Meter.CreateHistogram(
            "ball.stage.latency", "ms", "Time a frame spent in a stage", advice: s_milliseconds);
        Error = Meter.CreateHistogram(
            "ball.error", "px", "How far the reported ball is from the true one", advice: s_pixels);
    }

    public Meter Meter { get; } = new(Name);

    public ActivitySource Source { get; } = new(Name);

    /// <summary>Tag: stage.</summary>
    public Counter<long> Frames { get; }

    /// <summary>Tags: stage, reason.</summary>
    public Counter<long> Dropped { get; }

    /// <summary>Tag: result.</summary>
    public Counter<long> Samples { get; }

    public Histogram<double> LoopLatency { get; }

    /// <summary>Tag: stage.</summary>
    public Histogram<double> StageLatency { get; }

    /// <summary>Tag: kind, frame or realtime.</summary>
    public Histogram<double> Error { get; }

    public static KeyValuePair<string, object?> Stage(string name) => new("stage", name);

    public static KeyValuePair<string, object?> Reason(string name) => new("reason", name);

    public static KeyValuePair<string, object?> Result(string name) => new("result", name);

    public static KeyValuePair<string, object?> Kind(string name) => new("kind", name);

    public void Dispose()
    {
        Meter.Dispose();
        Source.Dispose();
    }
}
