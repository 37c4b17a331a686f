using System.Globalization;

namespace Ball.Measuring;

/// <summary>Tells what a run came to: a line for people, and a file for programs where one is wanted.</summary>
public static class SummaryOutput
{
    /// <summary>Makes sure at the start that the file can be written at the end: a long run would be a pity.</summary>
    /// <exception cref="IOException">It cannot; the message says why, in one line.</exception>
    public static void Check(string? file)
    {
        if (file is null)
            return;
        Explain(file, () =>
        {
            if (Directory.Exists(file))
                throw new IOException("it is a folder");
            var isNew = !File.Exists(file);
            File.Open(file, FileMode.OpenOrCreate, FileAccess.Write).Dispose();
            if (isNew)
                File.Delete(file);
        });
    }

    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write(string program, RunSummary summary, string? file)
    {
        Console.WriteLine($"{program}: {Describe(summary)}");
        if (file is not null)
            Explain(file, () => File.WriteAllText(file, summary.ToJson() + "\n"));
    }

    static void Explain(string file, Action touch)
    {
        try
        {
            touch();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"The summary cannot be written to {file}: {e.Message.TrimEnd('.')}.", e);
        }
    }

    static string Describe(RunSummary summary)
    {
        var frames = summary.Frames;
        var count = frames.Rendered ?? frames.Received ?? 0;
        var lines = new List<string>
        {
            Text($"{count} frames in {summary.Seconds:0.0} s ({summary.Fps:0.0} fps), {summary.Samples} samples"),
        };
        if (summary.Unmatched > 0)
            lines.Add(Text($"  unmatched  {summary.Unmatched} samples named no frame that was sent"));
        if (summary.Latency is { } latency)
            lines.Add(Text($"  latency    {latency.P50:0.00} ms p50, {latency.P95:0.00} p95, {latency.P99:0.00} p99"));
        if (summary is { ClockOffset: { } offset, ClockUncertainty: { } uncertainty })
            lines.Add(Text($"  clock      the other's minus ours is {offset:0.00} ms, known to {uncertainty:0.00} ms"));
        if (summary.LongestGap is { } gap)
            lines.Add(Text($"  longest    {gap:0} ms between two samples"));
        if (summary.Error is { } error)
            lines.Add(Text($"  error      {error.Mean:0.000} px mean, {error.P95:0.000} p95, {error.Max:0.000} at most"));
        if (summary.RealtimeError is { } realtime)
            lines.Add(Text($"  real time  {realtime.Mean:0.0} px mean, {realtime.P95:0.0} p95, {realtime.Max:0.0} at most"));
        var dropped = summary.Dropped.Where(stage => stage.Value > 0)
            .Select(stage => Text($"{stage.Value} by {stage.Key}")).ToList();
        if (dropped.Count > 0)
            lines.Add($"  dropped    {string.Join(", ", dropped)}");
        if (summary.DataFlowed)
            lines.Add(Text($"  cost       {summary.CpuPerFrame:0.00} ms CPU a frame, {summary.PeakMemory:0} MB at most"));
        return string.Join(Environment.NewLine, lines);
    }

    static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
