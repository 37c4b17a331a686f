using Ball.Measuring;

namespace Ball.World;

/// <summary>
/// The machine's monotonic clock, in nanoseconds; on Linux CLOCK_MONOTONIC, so it is the same in all processes.
/// </summary>
public sealed class MonotonicClock : IFrameClock
{
    public static readonly MonotonicClock Instance = new();

    /// <summary>
    /// What the kernel's timers are late by, with some reserve. The rest of the way is spun: 1 % of a core at 100 frames a
    /// second.
    /// </summary>
    private const long SpinNanoseconds = 100_000;

    /// <summary>Waits for the wake signal are this coarse; the last piece is slept through, deaf but short.</summary>
    private const long CoarseNanoseconds = 3_000_000;

    private MonotonicClock()
    {
    }

    public long Nanoseconds => Now;

    public static long Now => TimeProvider.System.Nanoseconds();

    public void WaitUntil(long nanoseconds, ManualResetEventSlim wake)
    {
        while (true)
        {
            var left = nanoseconds - Now;
            if (left <= 0)
                return;
            if (left > CoarseNanoseconds)
            {
                var milliseconds = Math.Min((left - CoarseNanoseconds) / 1_000_000 + 1, int.MaxValue);
                if (wake.Wait((int)milliseconds))
                    return;
            }
            else if (left > SpinNanoseconds && Libc.TrySleep(left - SpinNanoseconds))
            {
                if (wake.IsSet)
                    return;
            }
            else
            {
                Thread.SpinWait(10);
            }
        }
    }
}
