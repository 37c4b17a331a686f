using System.Globalization;

namespace Ball.Measuring;

/// <summary>Tells what a run came to: a line for people, and a file for programs where one is wanted.</summary>
public static class SummaryOutput
{
    public static void Write(string program, RunSummary summary, string? file)
    {
        Console.WriteLine($"{program}: {Describe(summary)}");
        if (file is not null)
            File.WriteAllText(file, summary.ToJson() + "\n");
    }

    static string Describe(RunSummary summary)
    {
        var frames = summary.Frames;
        var parts = new List<string> { Text($"{frames.Rendered ?? frames.Received ?? 0} frames in {summary.Seconds:0.0} s ({summary.Fps:0.0} fps)") };
        parts.Add(Text($"{summary.Samples} samples"));
        if (summary.Unmatched > 0)
            parts.Add(Text($"{summary.Unmatched} unmatched"));
        if (summary.Latency is { } latency)
            parts.Add(Text($"latency {latency.P50:0.00}/{latency.P95:0.00}/{latency.P99:0.00} ms (p50/p95/p99)"));
        if (summary.Error is { } error)
            parts.Add(Text($"error {error.Mean:0.000} px mean, {error.Max:0.00} px most"));
        if (summary.RealtimeError is { } realtime)
            parts.Add(Text($"real-time error {realtime.Mean:0.0} px"));
        foreach (var (stage, count) in summary.Dropped)
        {
            if (count > 0)
                parts.Add(Text($"{count} dropped by {stage}"));
        }
        parts.Add(Text($"{summary.CpuPerFrame:0.00} ms CPU a frame"));
        return string.Join(", ", parts);
    }

    static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
