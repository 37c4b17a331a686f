namespace BallClient.Options;

/// <summary>How the ball is found.</summary>
internal enum FinderKind
{
    Hough,
    Centroid,

    /// <summary>Not at all: frames are received, and that is it.</summary>
    None,
}
