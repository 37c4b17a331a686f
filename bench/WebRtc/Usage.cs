using System.Diagnostics;

namespace WebRtcBench;

/// <summary>What a process has used: processor time and memory allocated.</summary>
internal sealed record Usage(double CpuSeconds, long AllocatedBytes, long Frames, long FrameBytes)
{
    public static Usage Now(long frames = 0, long frameBytes = 0)
    {
        using var process = Process.GetCurrentProcess();
        return new Usage(
            process.TotalProcessorTime.TotalSeconds, GC.GetTotalAllocatedBytes(precise: true), frames, frameBytes);
    }

    public static Usage operator -(Usage later, Usage earlier) => new(
        later.CpuSeconds - earlier.CpuSeconds,
        later.AllocatedBytes - earlier.AllocatedBytes,
        later.Frames - earlier.Frames,
        later.FrameBytes - earlier.FrameBytes);
}
