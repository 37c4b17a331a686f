namespace Ball.World;

/// <summary>Time for frames: a reading, and a wait that is precise. Tests put their own time here.</summary>
public interface IFrameClock
{
    /// <summary>A monotonic reading.</summary>
    long Nanoseconds { get; }

    /// <summary>Returns at the given reading, or earlier when <paramref name="wake"/> is set.</summary>
    void WaitUntil(long nanoseconds, ManualResetEventSlim wake);
}
