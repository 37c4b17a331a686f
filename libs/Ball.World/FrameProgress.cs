namespace Ball.World;

/// <summary>How far a worker has come, all at one moment: so many frames were due in so much time, exactly.</summary>
/// <param name="Shown">Frames that the handler got.</param>
/// <param name="Dropped">Frames that were due while the handler was busy, or the machine was.</param>
/// <param name="Time">From when the first frame was due to when the one after the last is.</param>
public readonly record struct FrameProgress(long Shown, long Dropped, TimeSpan Time);
