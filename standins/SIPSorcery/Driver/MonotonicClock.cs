using System.Diagnostics;

namespace SIPSorcery.Net;

/// <summary>The time that is passed into the core: microseconds that only ever go forward.</summary>
internal static class MonotonicClock
{
    public static long Now => (long)(Stopwatch.GetTimestamp() * (1_000_000.0 / Stopwatch.Frequency));
}
