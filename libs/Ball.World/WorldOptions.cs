using Ball.Pictures;

namespace Ball.World;

/// <summary>Everything that decides where the ball is and how the picture looks.</summary>
public sealed record WorldOptions
{
    public const int MinSide = 32;
    public const int MaxSide = PictureLayout.MaxSide;

    public int Width { get; init; } = 640;

    public int Height { get; init; } = 480;

    /// <summary>In pixels; need not be whole.</summary>
    public double Radius { get; init; } = 20;

    /// <summary>In pixels a second.</summary>
    public double Speed { get; init; } = 240;

    public BounceMode Bounce { get; init; } = BounceMode.Fixed;

    /// <summary>
    /// Decides where the ball starts, where it goes and, in random mode, every bounce. The same seed gives the same path.
    /// </summary>
    public int Seed { get; init; } = 1;

    public Bgr Ball { get; init; } = new(0, 200, 255);

    public Bgr Background { get; init; } = new(32, 32, 32);

    /// <summary>How far the centre can go: the disc always lies wholly in the picture.</summary>
    internal (double Low, double High) RangeX => (Radius - 0.5, Width - 0.5 - Radius);

    internal (double Low, double High) RangeY => (Radius - 0.5, Height - 0.5 - Radius);

    /// <summary>What is wrong with the options, in one line, or null.</summary>
    public string? Problem
    {
        get
        {
            if (Width is < MinSide or > MaxSide || Height is < MinSide or > MaxSide)
                return $"A picture is {MinSide}x{MinSide} to {MaxSide}x{MaxSide}, not {Width}x{Height}.";
            if (!(Radius >= 1))
                return $"A ball has a radius of at least 1 pixel, not {Radius}.";
            if (!(Radius * 2 + 2 <= Math.Min(Width, Height)))
                return $"A ball of radius {Radius} has no room to move in {Width}x{Height}.";
            if (!(Speed is >= 0 and <= 100_000))
                return $"A speed is 0 to 100000 pixels a second, not {Speed}.";
            if (!Enum.IsDefined(Bounce))
                return $"The ball bounces fixed or random, not {Bounce}.";
            if (Ball == Background)
                return $"Ball and background are both {Ball}: nobody could find the ball.";
            return null;
        }
    }

    /// <exception cref="ArgumentException">The options make no world; the message says why.</exception>
    public WorldOptions Validated() => Problem is { } problem ? throw new ArgumentException(problem) : this;
}
