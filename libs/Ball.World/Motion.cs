namespace Ball.World;

/// <summary>
/// Where the ball is and where it is heading; the angle is in radians, clockwise from the right as pictures go.
/// </summary>
internal readonly record struct Motion(double X, double Y, double Angle)
{
    /// <summary>The first motion of a world: anywhere in it, and no nearer than 15 degrees to running along a wall.</summary>
    public static Motion First(WorldOptions options)
    {
        var (left, right) = options.RangeX;
        var (top, bottom) = options.RangeY;
        var quadrant = Math.Floor(SeededRandom.At(options.Seed, 2) * 4);
        var angle = Math.PI / 2 * quadrant + Math.PI / 12 + SeededRandom.At(options.Seed, 3) * Math.PI / 3;
        return new Motion(
            left + (right - left) * SeededRandom.At(options.Seed, 0),
            top + (bottom - top) * SeededRandom.At(options.Seed, 1),
            angle);
    }

    /// <summary>The same motion, in a world that may have become smaller.</summary>
    public Motion Within(WorldOptions options)
    {
        var (left, right) = options.RangeX;
        var (top, bottom) = options.RangeY;
        return this with { X = Math.Clamp(X, left, right), Y = Math.Clamp(Y, top, bottom) };
    }
}
