using System.Text.Json.Nodes;
using Loop.Tests.Support;

namespace Loop.Tests;

/// <summary>Each of our ends with the original task's programs, as they are in aiortc.</summary>
public sealed class AiortcTests : IDisposable
{
    private readonly Support.Loop _loop = new();

    public void Dispose() => _loop.Dispose();

    [Theory]
    [InlineData("offer")]
    [InlineData("answer")]
    public void Our_server_scores_an_aiortc_client(string ourRole)
    {
        var port = Support.Loop.FreePort();
        var theirRole = ourRole == "offer" ? "answer" : "offer";
        var server = _loop.ServerAt(port, ourRole);
        var file = _loop.FileName(".json");
        var client = _loop.Aiortc("ball_client.py", theirRole, "--port", $"{port}", "--seconds", "60", "--json", file);
        server.SeesTheBall();
        var scored = server.End();
        Assert.Equal(0, scored.Of("unmatched"));
        Assert.Equal(0, scored.Of("plain"));
        // It finds circles in whole and half pixels.
        Assert.InRange(scored.Of("error_px.mean"), 0, 2);
        Assert.Equal(0, client.WaitForExit());
        Assert.InRange(JsonNode.Parse(File.ReadAllText(file))!.Of("frames"), 10, double.MaxValue);
    }

    [Theory]
    [InlineData("{x},{y}")]
    [InlineData("coords {x},{y}")]
    public void Our_server_scores_an_aiortc_client_that_sends_two_numbers(string message)
    {
        var server = _loop.Server();
        _loop.Aiortc("ball_client.py", "answer", "--port", $"{server.Port}", "--seconds", "60", "--message", message);
        server.Running.Expect("connected.*real time", 2);
        var scored = server.End();
        Assert.Equal(scored.Of("samples"), scored.Of("plain"));
        Assert.InRange(scored.Of("samples"), 10, double.MaxValue);
    }

    [Theory]
    [InlineData("offer")]
    [InlineData("answer")]
    public void An_aiortc_server_scores_our_client(string ourRole)
    {
        var port = Support.Loop.FreePort();
        var theirRole = ourRole == "offer" ? "answer" : "offer";
        var client = _loop.Client(port, ourRole, "--finder", "centroid", "--message", """{{"pts": {pts}, "x": {x}, "y": {y}}}""");
        var file = _loop.FileName(".json");
        var server = _loop.Aiortc("ball_server.py", theirRole, "--port", $"{port}", "--seconds", "5", "--json", file);
        client.Reports(3);
        Assert.Equal(0, server.WaitForExit());
        client.Running.Expect("The server is gone");
        client.End();
        var scored = JsonNode.Parse(File.ReadAllText(file))!;
        Assert.InRange(scored.Of("messages"), 10, double.MaxValue);
        Assert.Equal(0, scored.Of("unmatched"));
        Assert.InRange(scored.Of("error_px.mean"), 0, 0.6);
    }
}
