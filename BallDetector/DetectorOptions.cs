namespace BallDetector;

/// <summary>What the detector was asked to do.</summary>
/// <param name="Pipe">Where the client serves frames.</param>
/// <param name="Slot">Where to publish coordinates.</param>
/// <param name="Finder">The finder's name.</param>
/// <param name="Verbose">Whether to say what the web host underneath does, too.</param>
internal sealed record DetectorOptions(string Pipe, string Slot, string Finder, bool Verbose);
