namespace Ball.World;

/// <summary>The centre of the ball in pixels; the centre of the top left pixel is (0, 0).</summary>
public readonly record struct BallPosition(double X, double Y);
