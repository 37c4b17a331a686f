using System.Text.Json.Nodes;
using Loop.Tests.Support;

namespace Loop.Tests;

/// <summary>Each of our ends with the original task's programs, as they are in aiortc.</summary>
public sealed class AiortcTests : IDisposable
{
    /// <summary>Small enough for Python to push its pixels through a data channel at full rate.</summary>
    private const string Size = "320x240";

    private readonly Support.Loop _loop = new();

    public void Dispose() => _loop.Dispose();

    [Theory]
    [InlineData("offer", "video", "bgr")]
    [InlineData("answer", "video", "bgr")]
    [InlineData("offer", "datachannel", "gray")]
    [InlineData("answer", "datachannel", "gray")]
    [InlineData("offer", "datachannel", "bgr")]
    [InlineData("answer", "datachannel", "bgr")]
    public void Our_server_scores_an_aiortc_client(string ourRole, string frames, string pixels)
    {
        var port = UnusedPort.Find();
        var server = _loop.ServerAt(port, ourRole, "--frames", frames, "--pixels", pixels, "--size", Size);
        var file = _loop.FileName(".json");
        var client = _loop.Aiortc(
            "ball_client.py", Other(ourRole), "--port", $"{port}", "--frames", frames, "--seconds", "300", "--json", file);
        server.Scores(20);
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
        _loop.Aiortc("ball_client.py", "answer", "--port", $"{server.Port}", "--seconds", "300", "--message", message);
        server.Scores(20);
        var scored = server.End();
        Assert.Equal(scored.Of("samples"), scored.Of("plain"));
        Assert.InRange(scored.Of("samples"), 10, double.MaxValue);
    }

    /// <summary>Its video frames go by the ticks since the first, its raw frames by what they say of themselves.</summary>
    [Theory]
    [InlineData("offer", "video", "bgr", "pts")]
    [InlineData("answer", "video", "bgr", "pts")]
    [InlineData("offer", "datachannel", "gray", "rtp")]
    [InlineData("answer", "datachannel", "gray", "rtp")]
    [InlineData("offer", "datachannel", "bgr", "rtp")]
    [InlineData("answer", "datachannel", "bgr", "rtp")]
    public void An_aiortc_server_scores_our_client(string ourRole, string frames, string pixels, string identity)
    {
        var port = UnusedPort.Find();
        var message = """{{"ID": {ID}, "x": {x}, "y": {y}}}""".Replace("ID", identity, StringComparison.Ordinal);
        var client = _loop.Client(port, ourRole, "--finder", "centroid", "--message", message);
        var file = _loop.FileName(".json");
        var server = _loop.Aiortc("ball_server.py", Other(ourRole), "--port", $"{port}", "--frames", frames, "--pixels", pixels,
            "--size", Size, "--seconds", "300", "--messages", "60", "--json", file);
        Assert.Equal(0, server.WaitForExit());
        client.Running.Expect("The server is gone");
        client.End();
        var scored = JsonNode.Parse(File.ReadAllText(file))!;
        Assert.InRange(scored.Of("messages"), 60, double.MaxValue);
        Assert.Equal(0, scored.Of("unmatched"));
        Assert.InRange(scored.Of("error_px.mean"), 0, 0.6);
    }

    [Theory]
    [InlineData("offer")]
    [InlineData("answer")]
    public void Our_server_takes_the_next_aiortc_client_after_one_was_killed(string ourRole)
    {
        var port = UnusedPort.Find();
        var server = _loop.ServerAt(port, ourRole);
        var first = StartClient();
        server.SeesTheBall();
        var detector = Assert.Single(first.Children);
        first.Kill();
        server.Running.Expect("peer 1 is gone");
        server.Running.Until(() => !Processes.IsAlive(detector), "to be left by the client's detector");
        StartClient();
        server.Running.Expect(@"peer [2-9]: connected.*seen \(", 2);
        Assert.Equal(2, server.End().Of("peers"));

        Running StartClient() => _loop.Aiortc("ball_client.py", Other(ourRole), "--port", $"{port}", "--seconds", "300");
    }

    [Theory]
    [InlineData("offer")]
    [InlineData("answer")]
    public void Our_client_finds_an_aiortc_server_that_was_killed_and_started_again(string ourRole)
    {
        var port = UnusedPort.Find();
        var client = _loop.Client(port, ourRole, "--finder", "centroid", "--message", "plain");
        var first = StartServer();
        client.Reports();
        first.Kill();
        client.Running.Expect("The server is gone");
        var before = client.Running.Output.Length;
        StartServer();
        client.ReportsAgain(before);
        Assert.Equal(2, client.End().Of("peers"));

        Running StartServer() => _loop.Aiortc("ball_server.py", Other(ourRole), "--port", $"{port}", "--seconds", "300");
    }

    private static string Other(string role) => role == "offer" ? "answer" : "offer";
}
