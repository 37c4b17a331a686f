using System.Runtime.InteropServices;

namespace Ball.World;

/// <summary>Sleep finer than the milliseconds that .NET's waits count in.</summary>
internal static unsafe partial class Libc
{
    private const int ClockMonotonic = 1;

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

    private struct Timespec
    {
        public nint Seconds;
        public nint Nanoseconds;
    }
}
