namespace Ball.Vision;

/// <summary>Where a finder saw the ball, in pixels; the centre of the top left pixel is (0, 0).</summary>
/// <param name="Confidence">0 (no ball) to 1 (certain).</param>
public readonly record struct Sighting(float X, float Y, float Radius, float Confidence)
{
    /// <summary>There is no ball in the picture.</summary>
    public static readonly Sighting None = default;

    public bool IsBall => Confidence > 0;
}
