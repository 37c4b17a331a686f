namespace BallDetector;

/// <summary>How the ball is found.</summary>
internal enum FinderKind
{
    Hough,
    Centroid,
}
