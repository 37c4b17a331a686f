using System.Diagnostics;
using System.Globalization;
using Ball.Pictures;

const int Rounds = 2000;
const int WarmUp = 1000;

if (args is ["echo", var pipe, var slot])
{
    RoundTrips.Echo(pipe, slot);
    return;
}

var python = Environment.GetEnvironmentVariable("BALL_PYTHON") ?? "/usr/bin/python3";
Console.WriteLine("One frame of 640x480 to another process and coordinates back, without detection");
foreach (var (name, format) in new[] { ("bgr", PixelFormat.Bgr24), ("i420", PixelFormat.I420) })
{
    foreach (var pace in new[] { TimeSpan.Zero, TimeSpan.FromMilliseconds(10) })
    {
        var rounds = pace == TimeSpan.Zero ? Rounds : Rounds / 4;
        Console.WriteLine($"\n{name}, {(pace == TimeSpan.Zero ? "back to back" : $"one every {pace.TotalMilliseconds} ms")}");
        // Turn about, twice, so that a disturbance hits both.
        var ours = new List<Percentiles>();
        var theirs = new List<Percentiles>();
        for (var turn = 0; turn < 2; turn++)
        {
            var (roundTrip, reading, here, there) = RoundTrips.Measure(format, rounds, WarmUp, pace);
            Console.WriteLine($"  pipe and slot    {roundTrip}   until read: p50 {reading.Median:F3}   bytes/frame allocated: "
                + $"{here} + {there}");
            ours.Add(roundTrip);
            if (Queue(name, rounds, pace) is not { } queue)
                continue;
            Console.WriteLine($"  Queue and Value  {queue}");
            theirs.Add(queue);
        }
        if (theirs.Count > 0)
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"  {theirs.Min(p => p.Median) / ours.Min(p => p.Median):F1} times faster (best p50 of each)"));
    }
}

Percentiles? Queue(string format, int rounds, TimeSpan pace)
{
    if (!File.Exists(python))
    {
        Console.WriteLine($"  no {python}: nothing to compare with");
        return null;
    }
    var script = Path.Combine(AppContext.BaseDirectory, "queue_and_value.py");
    using var process = Process.Start(new ProcessStartInfo(python,
        [script, format, $"{rounds}", "100", pace.TotalSeconds.ToString(CultureInfo.InvariantCulture)])
    { RedirectStandardOutput = true })!;
    var output = process.StandardOutput.ReadToEnd();
    process.WaitForExit();
    if (process.ExitCode != 0)
        throw new InvalidOperationException("Python failed");
    return new Percentiles(output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => double.Parse(line,
        CultureInfo.InvariantCulture)));
}
