namespace Ball.Vision.Centroid;

/// <summary>What is background and what is ball in one plane: their brightness and the noise on it.</summary>
internal readonly record struct Levels(double Background, double Ball, double Noise)
{
    public double Contrast => Math.Abs(Ball - Background);

    /// <summary>
    /// The ramp from "not ball" to "all ball". Its ends keep away from both levels, so that noise and coding artefacts on
    /// the flat areas weigh nothing, and it is symmetric, so that half a pixel of ball still counts as half.
    /// </summary>
    public Ramp Ramp()
    {
        const double leastMargin = 0.08, mostMargin = 0.32, deviations = 3;
        var margin = Math.Clamp(deviations * Noise / Math.Max(1, Contrast), leastMargin, mostMargin) * Contrast;
        var dark = Ball < Background;
        var from = dark ? 255 - Background : Background;
        var low = (int)Math.Round(from + margin);
        var high = (int)Math.Round(from + Contrast - margin);
        return new Ramp((byte)Math.Clamp(low, 0, 254), (byte)Math.Clamp(high - low, 1, 255), dark);
    }
}
