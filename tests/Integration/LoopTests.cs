using System.Text.Json;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Xunit.Abstractions;

namespace Integration;

/// <summary>The closed loop in the running graph, by the server's own account of it.</summary>
public sealed class LoopTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Coordinates_come_back_and_are_right()
    {
        const double PixelsPerSecond = 240;
        await using var graph = await RunningGraph.StartAsync();
        using var server = new ServerApi(graph);

        // However late a coordinate is, the ball has not flown farther since. (The figures are read while others are added.)
        var summary = await server.WaitForAsync(now => ServerApi.Samples(now) >= 60
            && Of(now, "realtime_error_px", "p95")
            <= PixelsPerSecond * Of(now, "latency_ms", "p95") / 1000 + Of(now, "error_px", "max") + 1);

        Assert.Equal(0, summary.GetProperty("unmatched").GetInt64());
        Assert.Equal(0, summary.GetProperty("duplicates").GetInt64());
        Assert.Equal(0, summary.GetProperty("plain").GetInt64());
        Assert.InRange(Of(summary, "error_px", "mean"), 0, 0.6);
        Assert.InRange(Of(summary, "realtime_error_px", "mean"), 0.01, double.MaxValue);
        Assert.InRange(Of(summary, "latency_ms", "p50"), 0.01, double.MaxValue);

        static double Of(JsonElement summary, string name, string figure) =>
            summary.GetProperty(name).GetProperty(figure).GetDouble();
    }

    /// <summary>
    /// How soon it is back is a measurement, and printed; that it is back, with the others as they were, is the test.
    /// </summary>
    [Theory]
    [InlineData("server")]
    [InlineData("client")]
    [InlineData("detector")]
    public async Task A_killed_process_is_started_again_and_coordinates_flow_while_the_others_stay(string victim)
    {
        await using var graph = await RunningGraph.StartAsync();
        using var server = new ServerApi(graph);
        await graph.WaitUntilHealthyAsync();
        await server.WaitForSamplesAsync(10);
        var others = RunningGraph.Names.Where(name => name != victim).ToDictionary(name => name, graph.ProcessOf);
        var killed = graph.ProcessOf(victim);

        var (took, before) = await Recovery.KillAndStartAsync(graph, server, victim);
        output.WriteLine($"The first sample came {took.TotalSeconds:0.00} s after the new {victim} had been started");
        await graph.WaitUntilHealthyAsync();
        await server.WaitForSamplesAsync(before + 30);

        Assert.NotEqual(killed, graph.ProcessOf(victim));
        Assert.All(others, other => Assert.Equal(other.Value, graph.ProcessOf(other.Key)));
    }

    [Fact]
    public async Task Each_process_ends_when_it_is_asked_to_and_says_what_it_came_to()
    {
        var folder = Directory.CreateTempSubdirectory("ball-integration-");
        try
        {
            await using var graph = await RunningGraph.StartAsync(builder =>
            {
                foreach (var name in new[] { "server", "client" })
                    builder.CreateResourceBuilder<ProjectResource>(name).WithEnvironment("Ball__Json", FileOf(name));
            });
            using var server = new ServerApi(graph);
            await server.WaitForSamplesAsync(30);

            await EndAsync(graph, "client", "BallClient: ");
            await EndAsync(graph, "detector", "BallDetector: frames read ");
            await EndAsync(graph, "server", "BallServer: ");

            var (sent, scored) = (Read("client"), Read("server"));
            // What is on its way when the client leaves is lost. It counts what it has sent, so one may be scored before.
            Assert.InRange(scored.GetProperty("samples").GetInt64(), 30, sent.GetProperty("samples").GetInt64() + 1);
            Assert.Equal(0, scored.GetProperty("unmatched").GetInt64());
        }
        finally
        {
            folder.Delete(recursive: true);
        }

        string FileOf(string name) => Path.Combine(folder.FullName, name + ".json");

        JsonElement Read(string name) => JsonDocument.Parse(File.ReadAllText(FileOf(name))).RootElement;
    }

    /// <summary>
    /// The engine kills what has not ended after six seconds; then there would be no summary, and no exit code of ours.
    /// </summary>
    private async Task EndAsync(RunningGraph graph, string name, string summary)
    {
        var took = await Recovery.EndAsync(graph, name);
        output.WriteLine($"The {name} was gone {took.TotalSeconds:0.00} s after it had been asked to end");

        var end = await graph.WaitUntilAsync(name, now => now.ExitCode is not null);
        Assert.Equal(0, end.Snapshot.ExitCode);
        await graph.LineAsync(name, line => line.Contains(summary, StringComparison.Ordinal) && line.Any(char.IsDigit));
    }
}
