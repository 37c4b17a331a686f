using System.Diagnostics;
using System.Globalization;
using Aspire.Hosting.ApplicationModel;

namespace Integration;

/// <summary>Ends the graph's processes, rudely or not, and sees how soon they are back or gone.</summary>
internal static class Recovery
{
    /// <summary>Kills a process, and has the engine start it again.</summary>
    /// <returns>From the new process's start to the first sample, and the server's samples before that.</returns>
    public static async Task<(TimeSpan Took, long Before)> KillAndStartAsync(RunningGraph graph, ServerApi server, string victim)
    {
        var killed = graph.ProcessOf(victim);
        Process.GetProcessById(killed).Kill();
        await graph.WaitUntilAsync(victim, now => KnownResourceStates.TerminalStates.Contains(now.State?.Text));
        // A new server counts from nothing; of the others' samples only those count that come after the kill.
        var before = victim == "server" ? 0 : ServerApi.Samples(await server.WaitForSamplesAsync(0));
        var starting = graph.CommandAsync(victim, KnownResourceCommands.StartCommand);
        while (true)
        {
            await server.WaitForSamplesAsync(before + 1);
            var sinceSample = Stopwatch.StartNew();
            await starting;
            await graph.WaitUntilAsync(victim, now => RunningGraph.ProcessOf(now) is { } process && process != killed);
            var took = AgeOf(graph.ProcessOf(victim)) - sinceSample.Elapsed;
            if (took > TimeSpan.Zero)
                return (took, before);
            // That one was the old process's, and came late.
            before = ServerApi.Samples(await server.WaitForSamplesAsync(0));
        }
    }

    /// <summary>Has the engine end a process.</summary>
    /// <returns>How long it took until it was gone.</returns>
    public static async Task<TimeSpan> EndAsync(RunningGraph graph, string name)
    {
        var process = graph.ProcessOf(name);
        var watch = Stopwatch.StartNew();
        var stopping = graph.CommandAsync(name, KnownResourceCommands.StopCommand);
        while (Directory.Exists($"/proc/{process}") && watch.Elapsed < RunningGraph.Patience)
            await Task.Delay(10);
        var took = watch.Elapsed;
        await stopping;
        return took;
    }

    private static TimeSpan AgeOf(int process)
    {
        const double TicksPerSecond = 100;
        var stat = File.ReadAllText($"/proc/{process}/stat");
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        var uptime = File.ReadAllText("/proc/uptime").Split(' ')[0];
        return TimeSpan.FromSeconds(
            double.Parse(uptime, CultureInfo.InvariantCulture)
            - double.Parse(fields[19], CultureInfo.InvariantCulture) / TicksPerSecond);
    }
}
