using Aspire.Hosting.Testing;

namespace Integration;

/// <summary>The three processes in their graph.</summary>
public sealed class GraphTests
{
    [Fact]
    public async Task All_three_processes_become_healthy_and_the_server_answers_by_its_name()
    {
        await using var graph = await RunningGraph.StartAsync();

        await graph.WaitUntilHealthyAsync();

        using var http = graph.App.CreateHttpClient("server");
        Assert.Equal("Healthy", await http.GetStringAsync("/health"));
    }

    [Fact]
    public async Task Nothing_is_left_when_the_graph_has_ended()
    {
        var graph = await RunningGraph.StartAsync();
        await graph.WaitUntilHealthyAsync();
        var processes = RunningGraph.Names.Select(graph.ProcessOf).ToList();

        await graph.DisposeAsync();

        Assert.All(processes, process => Assert.False(Directory.Exists($"/proc/{process}"), $"process {process} is still there"));
    }
}
