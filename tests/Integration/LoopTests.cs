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
        await using var graph = await RunningGraph.StartAsync();
        using var server = new ServerApi(graph);

        var summary = await server.WaitForSamplesAsync(60);

        Assert.Equal(0, summary.GetProperty("unmatched").GetInt64());
        Assert.Equal(0, summary.GetProperty("duplicates").GetInt64());
        Assert.Equal(0, summary.GetProperty("plain").GetInt64());
        Assert.InRange(summary.GetProperty("error_px").GetProperty("mean").GetDouble(), 0, 0.6);
        Assert.InRange(summary.GetProperty("realtime_error_px").GetProperty("mean").GetDouble(), 0.01, 60);
        Assert.InRange(summary.GetProperty("latency_ms").GetProperty("p50").GetDouble(), 0.01, 500);
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
            Assert.InRange(sent.GetProperty("samples").GetInt64(), 30, long.MaxValue);
            Assert.InRange(sent.GetProperty("samples").GetInt64() - scored.GetProperty("samples").GetInt64(), 0, 5);
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
