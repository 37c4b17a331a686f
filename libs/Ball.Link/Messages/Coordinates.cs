namespace Ball.Link.Messages;

/// <summary>Where a peer saw the ball, in which frame, and when.</summary>
/// <param name="X">Pixels from the centre of the left column.</param>
/// <param name="Y">Pixels from the centre of the top row.</param>
public readonly record struct Coordinates(double X, double Y)
{
    /// <summary>Positions beyond this are garbage, not sightings.</summary>
    public const double Limit = 1e6;

    /// <summary>Which of <see cref="Rtp"/> and <see cref="Pts"/> names the frame.</summary>
    public FrameIdentity Identity { get; init; }

    /// <summary>The frame's RTP timestamp.</summary>
    public uint Rtp { get; init; }

    /// <summary>90 kHz ticks since the first frame that was received.</summary>
    public long Pts { get; init; }

    /// <summary>The frame's number, for templates; not an identity on the wire.</summary>
    public long Frame { get; init; }

    /// <summary>How sure the finder is, 0 to 1; NaN where it does not say.</summary>
    public double Confidence { get; init; } = double.NaN;

    public StageTimes Times { get; init; }
}
