using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Soak;

/// <summary>One run: how long, how fast, and what it came to.</summary>
internal sealed class Soaking(TimeSpan length, double fps)
{
    private const double MostGrowth = 0.05;
    private static readonly TimeSpan s_every = TimeSpan.FromSeconds(10);

    /// <summary>Caches fill and code is compiled anew for so long: growth counts from then on.</summary>
    private readonly TimeSpan _settled = TimeSpan.FromTicks(Math.Min(TimeSpan.FromMinutes(5).Ticks, length.Ticks / 2));

    private readonly List<string> _faults = [];
    private ServerState? _state;
    private TimeSpan _ran;

    /// <summary>What speaks against it; empty where all is well.</summary>
    public IReadOnlyList<string> Faults => _faults;

    /// <summary>Runs the graph, and tells of each look at it.</summary>
    /// <param name="publish">Gets the table, while the graph still runs: nothing that happens at its end can lose it.</param>
    public async Task RunAsync(TextWriter tell, Action<string> publish, CancellationToken cancel)
    {
        await using var graph = await GraphWatch.StartAsync([("Ball__Fps", fps.ToString(CultureInfo.InvariantCulture))], cancel);
        var before = await graph.ReadStateAsync(cancel);
        var watch = Stopwatch.StartNew();
        using var timer = new PeriodicTimer(s_every);
        try
        {
            while (watch.Elapsed < length && await timer.WaitForNextTickAsync(cancel))
                await LookAsync(graph, watch.Elapsed, tell, cancel);
        }
        catch (OperationCanceledException)
        {
            tell.WriteLine("Ended before its time.");
        }
        Judge(graph, before);
        publish(Table(graph, before));
    }

    private async Task LookAsync(GraphWatch graph, TimeSpan at, TextWriter tell, CancellationToken cancel)
    {
        var memory = graph.Ours.Concat(graph.Others)
            .Select(process => Text($"{process.Name} {process.Sample(at).Rss:0.0}")).ToList();
        _state = await graph.ReadStateAsync(cancel);
        _ran = at;
        tell.WriteLine(Text($"{at:mm\\:ss}  {_state.Fps:0.0} fps, {_state.Samples} samples, {_state.Unmatched} unmatched; MB: ")
            + string.Join(", ", memory));
    }

    private void Judge(GraphWatch graph, ServerState before)
    {
        if (_state is null || _ran <= _settled)
        {
            _faults.Add("it was too short to say anything");
            return;
        }
        if (_state.Unmatched + _state.Duplicates > 0)
            _faults.Add($"{_state.Unmatched} samples were unmatched, {_state.Duplicates} came twice");
        if ((_state.Rendered - before.Rendered) / _ran.TotalSeconds is var rate && rate < 0.95 * fps)
            _faults.Add(Text($"only {rate:0.0} frames a second were made"));
        foreach (var process in graph.Ours)
        {
            if (Growth(process) is var growth && !(growth <= MostGrowth))
                _faults.Add(Text($"{process.Name} grew by {growth:0.0%}"));
        }
        _faults.AddRange(graph.Complaints().Take(20));
    }

    private string Table(GraphWatch graph, ServerState before)
    {
        var table = new StringBuilder()
            .AppendLine("| process | RSS, MB, settled | at the end | growth | PSS, MB, settled | at the end |")
            .AppendLine("|---|---|---|---|---|---|");
        foreach (var process in graph.Ours.Concat(graph.Others))
        {
            var (first, last) = Ends(process);
            var grown = Growth(process);
            table.AppendLine(
                Text($"| {process.Name} | {first.Rss:0.0} | {last.Rss:0.0} | {grown:0.0%} | {first.Pss:0.0} | {last.Pss:0.0} |"));
        }
        if (_state is not { } state)
            return table.ToString();
        var (frames, samples) = (state.Sent - before.Sent, state.Samples - before.Samples);
        return table.AppendLine()
            .Append(Text($"{_ran.TotalMinutes:0.0} minutes at {fps:0.##} fps, settled after {_settled.TotalMinutes:0.0}: "))
            .AppendLine(Text($"{frames} frames sent,"))
            .AppendLine(Text($"{samples} scored ({(double)samples / Math.Max(1, frames):0.00%}), {state.Unmatched} unmatched,"))
            .AppendLine(Text($"{state.Duplicates} twice; {graph.Complaints().Count} exceptions or errors in the logs."))
            .ToString();
    }

    private double Growth(Watched process)
    {
        var (first, last) = Ends(process);
        return last.Rss / first.Rss - 1;
    }

    /// <summary>
    /// The middle of a minute (or of a quarter of the time, where there is less) at either end of the settled time.
    /// </summary>
    private (Memory First, Memory Last) Ends(Watched process)
    {
        var window = TimeSpan.FromTicks(Math.Min(TimeSpan.FromMinutes(1).Ticks, (_ran - _settled).Ticks / 4));
        return (process.Typical(_settled, _settled + window), process.Typical(_ran - window, _ran));
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
