namespace Ball.World;

/// <summary>
/// The truth: where the ball is at any instant, by formula and not by stepping, so it does not matter who asks when and in which
/// order. Any number of threads may ask at once.
/// </summary>
public abstract class BallPath
{
    private protected BallPath()
    {
    }

    /// <summary>The path that the options and their seed describe.</summary>
    public static BallPath Create(WorldOptions options) => Create(options.Validated(), Motion.First(options));

    internal static BallPath Create(WorldOptions options, Motion first) =>
        options.Bounce == BounceMode.Fixed ? new ReflectedPath(options, first) : new RandomPath(options, first);

    /// <summary>Where the ball is so many nanoseconds after the start. Before the start it rests where it starts.</summary>
    public virtual BallPosition At(long nanoseconds)
    {
        var motion = MotionAt(nanoseconds);
        return new BallPosition(motion.X, motion.Y);
    }

    internal abstract Motion MotionAt(long nanoseconds);
}
