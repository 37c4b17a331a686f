using System.Globalization;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Graph;

/// <summary>Each of the three programs is killed in the running graph and started again, and asked to end in another.</summary>
internal static class KillsAndEnds
{
    private const int Rounds = 5;

    public static async Task MeasureAsync(StringBuilder tables)
    {
        var (back, gone) = (new Times(), new Times());
        for (var round = 0; round < Rounds; round++)
        {
            Console.Error.WriteLine($"Killing and ending, round {round + 1} of {Rounds} ...");
            await using var graph = await RunningGraph.StartAsync(
                builder => builder.Services.AddLogging(log => log.ClearProviders()));
            using var server = new ServerApi(graph);
            await graph.WaitUntilHealthyAsync();
            await server.WaitForSamplesAsync(30);
            foreach (var name in RunningGraph.Names)
            {
                var (took, before) = await Recovery.KillAndStartAsync(graph, server, name);
                back.Add(name, took);
                await server.WaitForSamplesAsync(before + 30);
            }
            foreach (var name in new[] { "client", "detector", "server" })
                gone.Add(name, await Recovery.EndAsync(graph, name));
        }

        tables
            .AppendLine(
                $"| {Rounds} times each | killed: new process's start to the next sample, s | asked to end until gone, s |")
            .AppendLine("| --- | --- | --- |");
        foreach (var name in RunningGraph.Names)
            tables.AppendLine($"| {name} | {back.Of(name)} | {gone.Of(name)} |");
    }

    private sealed class Times
    {
        private readonly List<(string Name, TimeSpan Took)> _all = [];

        public void Add(string name, TimeSpan took) => _all.Add((name, took));

        public string Of(string name)
        {
            double[] seconds = [.. _all.Where(one => one.Name == name).Select(one => one.Took.TotalSeconds).Order()];
            return string.Create(CultureInfo.InvariantCulture,
                $"{seconds[seconds.Length / 2]:0.00} (at most {seconds[^1]:0.00})");
        }
    }
}
