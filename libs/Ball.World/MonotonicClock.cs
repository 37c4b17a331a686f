using Ball.Measuring;

namespace Ball.World;

/// <summary>
/// The machine's monotonic clock, in nanoseconds; on Linux CLOCK_MONOTONIC, so it is the same in all processes.
/// </summary>
public sealed class MonotonicClock : IFrameClock
{
    public static readonly MonotonicClock Instance = new();

    /// <summary>What the kernel's timers are late by, where they were asked to be exact. The rest of the way is spun.</summary>
    private const long SpinNanoseconds = 30_000;

    /// <summary>
    /// The last piece is slept through, deaf but short: to wake once more in every frame costs a twentieth of it.
    /// </summary>
    private const long DeafNanoseconds = 60_000_000;

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
            if (left > DeafNanoseconds)
            {
                var milliseconds = Math.Min((left - DeafNanoseconds) / 1_000_000 + 1, int.MaxValue);
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
