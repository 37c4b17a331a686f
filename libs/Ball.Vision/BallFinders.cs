namespace Ball.Vision;

/// <summary>The finders by the names that people give on the command line.</summary>
public static class BallFinders
{
    /// <summary>OpenCV's Hough gradient, as the original task asks.</summary>
    public const string Hough = "hough";

    /// <summary>The colour centroid: exact to a few hundredths of a pixel, and some microseconds a frame.</summary>
    public const string Centroid = "centroid";

    /// <summary>Makes the finder of that name.</summary>
    /// <exception cref="ArgumentException">There is no such finder; the message says which there are.</exception>
    public static IBallFinder Create(string name) => name switch
    {
        Hough => new HoughBallFinder(),
        Centroid => new CentroidBallFinder(),
        _ => throw new ArgumentException($"There is no finder '{name}': it is {Hough} or {Centroid}.", nameof(name)),
    };
}
