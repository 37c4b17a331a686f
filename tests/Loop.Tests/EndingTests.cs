using Loop.Tests.Support;

namespace Loop.Tests;

/// <summary>How the programs end, and what they leave.</summary>
public sealed class EndingTests : IDisposable
{
    private static readonly TimeSpan s_soon = TimeSpan.FromSeconds(5);
    private readonly Support.Loop _loop = new();

    public void Dispose() => _loop.Dispose();

    [Theory]
    [InlineData("TERM")]
    [InlineData("INT")]
    public void A_signal_ends_all_three_soon_and_each_says_what_it_came_to(string signal)
    {
        var server = _loop.Server();
        var client = _loop.Client(server.Port, "--finder", "centroid");
        server.SeesTheBall();

        var (code, took) = client.Running.End(signal);
        Assert.Equal(0, code);
        Assert.InRange(took, TimeSpan.Zero, s_soon);
        Assert.Single(client.Running.Output, line => line.StartsWith("BallClient: ", StringComparison.Ordinal));
        // The detector is the client's child, and writes where it does.
        Assert.Single(client.Running.Output, line => line.StartsWith("BallDetector: frames read ", StringComparison.Ordinal));
        Assert.Empty(client.Running.Errors);

        (code, took) = server.Running.End(signal);
        Assert.Equal(0, code);
        Assert.InRange(took, TimeSpan.Zero, s_soon);
        Assert.Single(server.Running.Output,
            line => line.StartsWith("BallServer: ", StringComparison.Ordinal) && line.Contains(" frames in "));
        Assert.Empty(server.Running.Errors);

        foreach (var name in new[]
        {
            "frames.rendered", "frames.encoded", "frames.sent", "fps", "seconds", "samples", "unmatched", "dropped.render",
            "dropped.send", "latency_ms.p50", "latency_ms.p95", "latency_ms.p99", "stage_latency_ms.decode.p95", "error_px.mean",
            "error_px.p95", "error_px.max", "realtime_error_px.mean", "l1_total", "cpu_ms_per_frame",
        })
            Assert.InRange(server.Summary.Of(name), 0, double.MaxValue);
        foreach (var name in new[]
        {
            "frames.received", "frames.decoded", "frames.detected", "fps", "samples", "dropped.decode", "dropped.handoff",
            "stage_latency_ms.decode.p50", "stage_latency_ms.detect.p50", "cpu_ms_per_frame",
        })
            Assert.InRange(client.Summary.Of(name), 0, double.MaxValue);
        Assert.All([server, client], side => Assert.Contains((string)side.Summary["stack"]!, new[] { "standins", "upstream" }));
    }

    [Fact]
    public void A_server_that_ends_while_clients_watch_says_goodbye()
    {
        var server = _loop.Server();
        var client = _loop.Client(server.Port, "--finder", "centroid", "--wait", "1");
        server.SeesTheBall();
        server.End();
        client.Running.Expect("The server is gone: the peer (said goodbye|closed the connection)");
        // Nobody comes back; data did flow.
        Assert.Equal(0, client.Running.WaitForExit());
    }

    [Theory]
    [InlineData("BallServer")]
    [InlineData("BallClient")]
    public void Without_anybody_no_data_flows_and_the_exit_code_says_so(string program)
    {
        var side = program == "BallServer" ? _loop.Server("--seconds", "1") : _loop.Client(0, "offer", "--seconds", "1");
        Assert.Equal(1, side.Running.WaitForExit());
        Assert.Equal(0, side.Summary.Of("samples"));
        Assert.Empty(side.Running.Errors);
    }

    [Theory]
    [InlineData("BallServer", "answer")]
    [InlineData("BallClient", "answer")]
    public void Who_finds_nobody_says_so_in_one_line(string program, string role)
    {
        var port = $"{Support.Loop.FreePort()}";
        var running = _loop.Bare(program, role, "--signaling-port", port, "--wait", "0.3", "--no-graphics");
        Assert.InRange(running.WaitForExit(), 1, 2);
        Assert.Contains(port, Assert.Single(running.Errors));
    }

    [Fact]
    public void Time_that_is_up_ends_both()
    {
        var server = _loop.Server("--seconds", "7");
        var client = _loop.Client(server.Port, "--finder", "none", "--seconds", "4");
        Assert.Equal(0, client.Running.WaitForExit());
        Assert.InRange(client.Summary.Of("frames.decoded"), 1, double.MaxValue);
        Assert.Equal(0, client.Summary.Of("samples"));
        // Frames flowed, but no coordinates: for a server that is no data.
        Assert.Equal(1, server.Running.WaitForExit());
        Assert.InRange(server.Summary.Of("seconds"), 6.5, 60);
    }
}
