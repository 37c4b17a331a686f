using System.Runtime.InteropServices;

namespace Ball.World;

/// <summary>Sleep finer than the milliseconds that .NET's waits count in.</summary>
internal static unsafe partial class Libc
{
    private const int ClockMonotonic = 1;
    private const int TimerSlack = 29;

    /// <summary>Has this thread's sleeps end when they should; else the kernel takes 50 µs to gather wakes.</summary>
    public static void WakeExactly()
    {
        if (OperatingSystem.IsLinux())
            _ = Prctl(TimerSlack, 1);
    }

    /// <summary>Sleeps about that long; false where there is no such call. May return early when a signal comes.</summary>
    public static bool TrySleep(long nanoseconds)
    {
        if (!OperatingSystem.IsLinux())
            return false;
        var (seconds, rest) = Math.DivRem(nanoseconds, 1_000_000_000);
        var time = new Timespec { Seconds = (nint)seconds, Nanoseconds = (nint)rest };
        _ = ClockNanosleep(ClockMonotonic, 0, &time, null);
        return true;
    }

    [LibraryImport("libc", EntryPoint = "clock_nanosleep")]
    private static partial int ClockNanosleep(int clock, int flags, Timespec* request, Timespec* remaining);

    [LibraryImport("libc", EntryPoint = "prctl")]
    private static partial int Prctl(int option, nuint value);

    private struct Timespec
    {
        public nint Seconds;
        public nint Nanoseconds;
    }
}
