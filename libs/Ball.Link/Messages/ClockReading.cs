namespace Ball.Link.Messages;

/// <summary>What is known of a peer's clock.</summary>
/// <param name="Offset">The peer's clock minus ours, in nanoseconds.</param>
/// <param name="Uncertainty">How far off that may be, either way; <see cref="long.MaxValue"/> before the first exchange.</param>
/// <param name="Exchanges">How many exchanges it rests on.</param>
public readonly record struct ClockReading(long Offset, long Uncertainty, int Exchanges)
{
    /// <summary>Nothing is known.</summary>
    public static ClockReading None => new(0, long.MaxValue, 0);

    public bool IsKnown => Exchanges > 0;

    /// <summary>For people; null where it is not known.</summary>
    public double? OffsetMilliseconds => IsKnown ? Math.Round(Offset / 1e6, 4) : null;

    /// <summary>For people; null where it is not known.</summary>
    public double? UncertaintyMilliseconds => IsKnown ? Math.Round(Uncertainty / 1e6, 4) : null;

    /// <summary>A time of the peer's clock, in ours.</summary>
    public long ToOurs(long theirs) => theirs - Offset;
}
