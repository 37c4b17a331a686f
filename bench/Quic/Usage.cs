using System.Diagnostics;

namespace QuicBench;

/// <summary>What a process has used: processor time and memory allocated.</summary>
internal readonly record struct Usage(double CpuSeconds, long AllocatedBytes)
{
    public static Usage Now()
    {
        using var process = Process.GetCurrentProcess();
        return new Usage(process.TotalProcessorTime.TotalSeconds, GC.GetTotalAllocatedBytes(precise: true));
    }

    public static Usage operator -(Usage later, Usage earlier) =>
        new(later.CpuSeconds - earlier.CpuSeconds, later.AllocatedBytes - earlier.AllocatedBytes);
}
