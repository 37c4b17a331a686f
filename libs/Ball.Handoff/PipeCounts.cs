namespace Ball.Handoff;

/// <summary>What became of the frames offered to a pipe.</summary>
/// <param name="Offered">All of them.</param>
/// <param name="Written">Those that a detector got.</param>
/// <param name="Replaced">Those that a newer one replaced because the detector was busy.</param>
/// <param name="Unwanted">Those offered while there was no detector, or lost with one.</param>
/// <param name="Detectors">How many detectors have come so far.</param>
public readonly record struct PipeCounts(long Offered, long Written, long Replaced, long Unwanted, long Detectors)
{
    public long Dropped => Replaced + Unwanted;
}
