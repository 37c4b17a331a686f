namespace Ball.World;

/// <summary>
/// Frames a second, to the thousandth, with exact arithmetic: the time of frame n has the same error for every n, below 1 ns.
/// </summary>
public readonly record struct FrameRate
{
    public const double Min = 1;
    public const double Max = 240;

    private const long PicosecondsPerSecond = 1_000_000_000_000;

    private readonly long _millihertz;

    public FrameRate(double perSecond)
    {
        if (!(perSecond is >= Min and <= Max))
            throw new ArgumentException($"A frame rate is {Min} to {Max} a second, not {perSecond}.", nameof(perSecond));
        _millihertz = (long)Math.Round(perSecond * 1000);
    }

    public double PerSecond => Millihertz / 1000.0;

    private long Millihertz => _millihertz == 0 ? 30_000 : _millihertz;

    /// <summary>How many nanoseconds after frame 0 frame n is due.</summary>
    public long TimeOf(long frame) => (long)((Int128)frame * PicosecondsPerSecond / Millihertz);

    /// <summary>The last frame that is due when so many nanoseconds have passed since frame 0.</summary>
    public long FrameAt(long nanoseconds)
    {
        var frame = (long)((Int128)nanoseconds * Millihertz / PicosecondsPerSecond);
        return TimeOf(frame + 1) <= nanoseconds ? frame + 1 : frame;
    }
}
