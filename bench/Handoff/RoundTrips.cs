using System.Diagnostics;
using Ball.Handoff;
using Ball.Measuring;
using Ball.Pictures;

/// <summary>Frames over the pipe to another process of ours and coordinates back through the slot, without any
/// detection.</summary>
internal static class RoundTrips
{
    private static readonly TimeSpan s_soon = TimeSpan.FromSeconds(10);

    /// <summary>The other process: reads and answers.</summary>
    public static void Echo(string pipe, string slot)
    {
        using var reader = new FramePipeReader(pipe);
        using var writer = CoordinateSlotWriter.Open(slot);
        using var end = new Timer(_ => reader.Stop(), null, TimeSpan.FromMinutes(5), Timeout.InfiniteTimeSpan);
        new Thread(() =>
        {
            // The benchmark closes its end.
            Console.In.Read();
            reader.Stop();
        })
        { IsBackground = true }.Start();
        long allocated = 0, frames = 0;
        while (reader.Read(out var header, out var picture))
        {
            if (++frames == 500)
                allocated = GC.GetTotalAllocatedBytes(precise: true);
            writer.Publish(new Coordinate
            {
                Session = header.Tag.Session,
                Frame = header.Tag.Frame,
                RtpTimestamp = header.Tag.RtpTimestamp,
                X = picture.Bytes[0],
                Y = picture.Height,
                Confidence = 1,
                OfferedAt = header.OfferedAt,
                StartedAt = TimeProvider.System.Nanoseconds(),
            });
        }
        Console.WriteLine((GC.GetTotalAllocatedBytes(precise: true) - allocated) / Math.Max(1, frames - 500));
    }

    /// <returns>Round trips, the part of each until the frame was read, and bytes allocated per frame here and there.</returns>
    public static (Percentiles RoundTrip, Percentiles Pipe, long Here, long There) Measure(PixelFormat format, int rounds,
        int warmUp, TimeSpan pace)
    {
        var folder = Directory.CreateTempSubdirectory("ball-bench-").FullName;
        var (pipe, slot) = (Path.Combine(folder, "pipe"), Path.Combine(folder, "slot"));
        using var writer = FramePipeWriter.Serve(pipe);
        using var reader = new CoordinateSlotReader(slot);
        using var echo = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, ["echo", pipe, slot])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        if (!SpinWait.SpinUntil(() => writer.HasDetector, s_soon))
            throw new InvalidOperationException("the other process does not come");
        var picture = new Picture(640, 480, format);
        new Random(1).NextBytes(picture.Bytes);
        var session = Guid.NewGuid();
        var times = new double[rounds];
        var reading = new double[rounds];
        using var pause = new ManualResetEventSlim();
        long allocated = 0;
        for (var n = 1 - warmUp; n <= rounds; n++)
        {
            if (n == 1)
                allocated = GC.GetTotalAllocatedBytes(precise: true);
            var start = TimeProvider.System.Nanoseconds();
            writer.Offer(new FrameTag(session, n + warmUp, (uint)n, start), picture.View);
            if (!reader.Wait(s_soon, out var coordinate) || coordinate.Frame != n + warmUp)
                throw new InvalidOperationException($"frame {n} did not come back");
            if (n > 0)
            {
                times[n - 1] = (TimeProvider.System.Nanoseconds() - start) / 1e6;
                reading[n - 1] = (coordinate.StartedAt - start) / 1e6;
            }
            if (pace > TimeSpan.Zero)
                pause.Wait(pace);
        }
        var here = (GC.GetTotalAllocatedBytes(precise: true) - allocated) / rounds;
        echo.StandardInput.Close();
        var there = long.Parse(echo.StandardOutput.ReadToEnd());
        echo.WaitForExit();
        Directory.Delete(folder, recursive: true);
        return (new Percentiles(times), new Percentiles(reading), here, there);
    }
}
