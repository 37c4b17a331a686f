namespace Ball.World;

/// <summary>
/// The ball's world on one clock, with changes of speed, size, bounce and colours at run time. It knows the truth for any
/// instant, also for those before a change. Thread-safe.
/// </summary>
/// <remarks>Bounded: of more than <see cref="MaxEras"/> changes the oldest are forgotten.</remarks>
public sealed class World
{
    public const int MaxEras = 64;

    private readonly Lock _changing = new();
    private Era[] _eras;

    /// <param name="startNanoseconds">The reading of the clock at which the ball starts.</param>
    public World(WorldOptions options, long startNanoseconds)
    {
        StartNanoseconds = startNanoseconds;
        _eras = [new Era(startNanoseconds, startNanoseconds, options.Validated(), BallPath.Create(options))];
    }

    public long StartNanoseconds { get; }

    /// <summary>The options that hold now.</summary>
    public WorldOptions Options => Volatile.Read(ref _eras)[^1].Options;

    /// <summary>The options that held, or will hold, at an instant.</summary>
    public WorldOptions OptionsAt(long nanoseconds) => EraAt(nanoseconds).Options;

    /// <summary>Where the ball is at an instant of the clock.</summary>
    public BallPosition At(long nanoseconds)
    {
        var era = EraAt(nanoseconds);
        return era.Path.At(nanoseconds - era.Origin);
    }

    /// <summary>
    /// Changes the world at an instant, which is after all earlier changes. The ball goes on from where it is, in the direction
    /// it has; where the picture became too small for that, it is moved to the nearest place inside. A new seed starts it anew.
    /// </summary>
    public void Change(WorldOptions options, long nanoseconds)
    {
        options.Validated();
        lock (_changing)
        {
            var eras = _eras;
            var last = eras[^1];
            if (last.Options == options)
                return;
            nanoseconds = Math.Max(nanoseconds, last.From);
            var next = OnlyColoursDiffer(last.Options, options)
                ? last with { From = nanoseconds, Options = options }
                : new Era(nanoseconds, nanoseconds, options, BallPath.Create(options, StartOf(options, last, nanoseconds)));
            Era[] changed = [.. eras.Skip(eras.Length + 1 - MaxEras), next];
            Volatile.Write(ref _eras, changed);
        }
    }

    private static bool OnlyColoursDiffer(WorldOptions one, WorldOptions other) =>
        one with { Ball = other.Ball, Background = other.Background } == other;

    private static Motion StartOf(WorldOptions options, Era last, long nanoseconds) =>
        options.Seed != last.Options.Seed
            ? Motion.First(options)
            : last.Path.MotionAt(nanoseconds - last.Origin).Within(options);

    private Era EraAt(long nanoseconds)
    {
        var eras = Volatile.Read(ref _eras);
        for (var i = eras.Length - 1; i > 0; i--)
        {
            if (eras[i].From <= nanoseconds)
                return eras[i];
        }
        return eras[0];
    }

    /// <param name="From">Since when the options hold.</param>
    /// <param name="Origin">When the path starts; a change of colours leaves it alone.</param>
    private sealed record Era(long From, long Origin, WorldOptions Options, BallPath Path);
}
