using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Graph;

/// <summary>
/// The whole application, started as <c>./ball run --headless</c> starts it once built, and looked at from outside.
/// </summary>
internal static class WholeRun
{
    public static async Task MeasureAsync(StringBuilder tables)
    {
        var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2)).Token;
        var watch = Stopwatch.StartNew();
        using var run = new AppHostProgram();
        await run.LoginAsync();
        var login = watch.Elapsed;
        await Health.WaitAsync(run, limit);
        var healthy = watch.Elapsed;

        // So that everything has done what it does at first, and pictures flow.
        await Task.Delay(TimeSpan.FromSeconds(10), limit);
        var processes = run.Alive.Select(GraphProcess.Of).OfType<GraphProcess>().ToList();
        run.Interrupt();
        watch.Restart();
        var appHostGone = await run.WaitUntilEndedAsync();
        await run.WaitUntilGoneAsync();
        var allGone = watch.Elapsed;

        tables.AppendLine("| what | value |").AppendLine("| --- | --- |")
            .AppendLine($"| start to the line with the login link | {Seconds(login)} |")
            .AppendLine($"| start until server, client and detector are healthy | {Seconds(healthy)} |")
            .AppendLine($"| Ctrl+C until the AppHost has ended | {Seconds(appHostGone)} |")
            .AppendLine($"| Ctrl+C until no process of the run is left, the engine's helpers included | {Seconds(allGone)} |")
            .AppendLine()
            .AppendLine("| processes | number | RSS of each, MB | PSS of each, MB |").AppendLine("| --- | --- | --- | --- |");
        foreach (var same in processes.GroupBy(p => p.Kind).OrderBy(g => Array.IndexOf(GraphProcess.Kinds, g.Key)))
        {
            var (resident, proportional) = (same.Average(p => p.Memory.Rss), same.Average(p => p.Memory.Pss));
            tables.AppendLine($"| {same.Key} | {same.Count()} | {resident:0} | {proportional:0} |");
        }
        tables.AppendLine($"| all | {processes.Count} | | {processes.Sum(p => p.Memory.Pss):0} together |");
    }

    private static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("0.0 's'", CultureInfo.InvariantCulture);
}
