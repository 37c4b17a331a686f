namespace Ball.Vision.Centroid;

/// <summary>A ball as measured in one plane, in that plane's pixels.</summary>
internal readonly record struct Measurement(Disc Disc, Levels Levels, float Confidence, bool IsClipped)
{
    public bool IsBall => Confidence > 0;

    public double Area => Disc.Radius * Disc.Radius * Math.PI;
}
