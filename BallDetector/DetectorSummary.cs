using System.Globalization;

namespace BallDetector;

/// <summary>What a detector did in its life.</summary>
/// <param name="Read">Frames it read.</param>
/// <param name="WithBall">Those in which it found the ball.</param>
/// <param name="Dropped">Frames that the client numbered and the detector never got, because it was busy.</param>
/// <param name="Failed">Frames whose detection or publication failed.</param>
/// <param name="FramesPerSecond">Between the first frame and the last.</param>
/// <param name="MedianMs">Milliseconds per detection that half of them stayed below.</param>
/// <param name="P95Ms">And ninety-five of a hundred.</param>
internal sealed record DetectorSummary(
    long Read, long WithBall, long Dropped, long Failed, double FramesPerSecond, double MedianMs, double P95Ms)
{
    public override string ToString() => Read == 0 ? "frames read 0" : string.Create(CultureInfo.InvariantCulture,
        $"frames read {Read}, with ball {WithBall}, dropped {Dropped}, failed {Failed}; {FramesPerSecond:F1} fps; "
        + $"detection {MedianMs:F3} ms p50, {P95Ms:F3} ms p95");
}
