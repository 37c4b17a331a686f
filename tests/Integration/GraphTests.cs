using System.Diagnostics;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;

namespace Integration;

/// <summary>The three processes in their graph.</summary>
public sealed class GraphTests
{
    [Fact]
    public async Task All_three_processes_become_healthy_and_the_server_answers_by_its_name()
    {
        await using var graph = await Graph.StartAsync();

        await graph.WaitUntilHealthyAsync();

        using var http = graph.App.CreateHttpClient("server");
        Assert.Equal("Healthy", await http.GetStringAsync("/health"));
    }

    [Theory]
    [InlineData("server")]
    [InlineData("client")]
    [InlineData("detector")]
    public async Task A_killed_process_is_seen_and_can_be_started_again_while_the_others_stay(string victim)
    {
        await using var graph = await Graph.StartAsync();
        await graph.WaitUntilHealthyAsync();
        var others = Graph.Names.Where(name => name != victim).ToDictionary(name => name, graph.ProcessOf);
        var killed = graph.ProcessOf(victim);

        Process.GetProcessById(killed).Kill();
        await graph.WaitUntilAsync(victim, now => KnownResourceStates.TerminalStates.Contains(now.State?.Text));
        await graph.CommandAsync(victim, KnownResourceCommands.StartCommand);
        await graph.WaitUntilHealthyAsync();

        Assert.NotEqual(killed, graph.ProcessOf(victim));
        Assert.All(others, other => Assert.Equal(other.Value, graph.ProcessOf(other.Key)));
    }

    [Fact]
    public async Task Nothing_is_left_when_the_graph_has_ended()
    {
        var graph = await Graph.StartAsync();
        await graph.WaitUntilHealthyAsync();
        var processes = Graph.Names.Select(graph.ProcessOf).ToList();

        await graph.DisposeAsync();

        Assert.All(processes, process => Assert.False(Directory.Exists($"/proc/{process}"), $"process {process} is still there"));
    }
}
