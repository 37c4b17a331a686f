using Ball.Measuring;

namespace BallServer.Scoring;

/// <summary>The few figures of a peer's scores that are looked at again and again while it lives.</summary>
internal readonly record struct ScoreReading(
    long Samples, long Unmatched, double? MeanError, double InOrderTotal, Percentiles? Latency);
