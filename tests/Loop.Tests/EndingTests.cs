using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Loop.Tests.Support;

namespace Loop.Tests;

/// <summary>How the programs end, and what they leave.</summary>
public sealed class EndingTests : IDisposable
{
    private readonly Support.Loop _loop = new();

    public void Dispose() => _loop.Dispose();

    [Theory]
    [InlineData("TERM")]
    [InlineData("INT")]
    public void A_signal_ends_all_three_and_each_says_what_it_came_to(string signal)
    {
        var server = _loop.Server();
        var client = _loop.Client(server.Port, "--finder", "centroid");
        server.SeesTheBall();

        client.End(signal);
        Assert.Single(client.Running.Output, line => line.StartsWith("BallClient: ", StringComparison.Ordinal));
        // The detector is the client's child, and writes where it does.
        Assert.Single(client.Running.Output, line => line.StartsWith("BallDetector: frames read ", StringComparison.Ordinal));
        Assert.Empty(client.Running.Errors);

        server.End(signal);
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
            "frames.received", "frames.decoded", "frames.detected", "fps", "samples", "dropped.receive", "dropped.decode",
            "dropped.handoff",
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
    public void Without_anybody_no_data_flows_and_the_exit_code_says_so_when_time_is_up(string program)
    {
        var started = Stopwatch.GetTimestamp();
        var side = program == "BallServer" ? _loop.Server("--seconds", "1") : _loop.Client(0, "offer", "--seconds", "1");
        Assert.Equal(1, side.Running.WaitForExit());
        // A timer may count in steps of some milliseconds.
        Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.FromSeconds(0.9), Running.Patience);
        Assert.Equal(0, side.Summary.Of("samples"));
        Assert.Empty(side.Running.Errors);
    }

    [Theory]
    [InlineData("BallServer", "answer")]
    [InlineData("BallClient", "answer")]
    public void Who_finds_nobody_says_so_in_one_line(string program, string role)
    {
        var port = $"{UnusedPort.Find()}";
        var running = _loop.Bare(program, [role, "--signaling-port", port, "--wait", "0.3", "--no-graphics"],
            ("Ball__Urls", "http://127.0.0.1:0"));
        Assert.Equal(1, running.WaitForExit());
        Assert.Contains(port, Assert.Single(running.Errors));
    }

    /// <summary>As another program on that port may do: nobody to talk to, nor to ask a thousand times a second.</summary>
    [Theory]
    [InlineData("BallServer")]
    [InlineData("BallClient")]
    public async Task Who_finds_somebody_that_hangs_up_at_once_is_patient_and_gives_up_in_time(string program)
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = $"{((IPEndPoint)other.LocalEndpoint).Port}";
        var calls = 0;
        var answering = Task.Run(async () =>
        {
            for (; ; calls++)
                (await other.AcceptSocketAsync()).Dispose();
        });
        var running = _loop.Bare(
            program, ["answer", "--signaling-port", port, "--wait", "1", "--no-graphics"], ("Ball__Urls", "http://127.0.0.1:0"));
        Assert.Equal(1, running.WaitForExit());
        Assert.Contains(port, Assert.Single(running.Errors));
        Assert.InRange(calls, 1, 10);
        other.Stop();
        await Assert.ThrowsAnyAsync<Exception>(() => answering);
    }

    /// <summary>A pipe for the summary holds the program up at its start, where it makes sure that it can write it.</summary>
    [Theory]
    [InlineData("BallServer")]
    [InlineData("BallClient")]
    public async Task A_signal_at_the_start_is_a_clean_end_too(string program)
    {
        var pipe = _loop.FileName(".json");
        using (var make = Process.Start("mkfifo", [pipe]))
            make.WaitForExit();
        var running = _loop.Bare(
            program, ["--signaling-port", "0", "--no-graphics", "--json", pipe], ("Ball__Urls", "http://127.0.0.1:0"));
        Assert.Equal("", await ReadAsync(pipe));
        running.Signal("INT");
        var summary = await ReadAsync(pipe);
        Assert.Equal(1, running.WaitForExit());
        Assert.Equal(0, JsonNode.Parse(summary)!.Of("samples"));
        Assert.Single(running.Output, line => Regex.IsMatch(line, $"^{program}: [0-9]+ frames in "));
        Assert.Empty(running.Errors);
    }

    /// <summary>The other one says when data flows.</summary>
    [Fact]
    public void A_disk_that_is_too_full_for_what_a_server_says_ends_nobody()
    {
        var port = UnusedPort.Find();
        var server = _loop.Into("/dev/full", "BallServer", "--signaling-port", $"{port}", "--urls", "http://127.0.0.1:0");
        var client = _loop.Client(port, "--finder", "centroid");
        client.Reports();
        EndInPeace(client, server);
    }

    [Fact]
    public void A_disk_that_is_too_full_for_what_a_client_says_ends_nobody()
    {
        var server = _loop.Server();
        var client = _loop.Into("/dev/full", "BallClient", "--signaling-port", $"{server.Port}", "--finder", "centroid");
        server.SeesTheBall();
        EndInPeace(client, server);
    }

    [Fact]
    public void The_frame_rate_is_that_of_the_stream_and_not_of_the_programs_start()
    {
        var server = _loop.Server();
        server.Running.Expect(@"[1-9]\d*\.\d fps  nobody watches");
        Assert.Equal(1, server.Running.End());
        Assert.InRange(server.Summary.FramesDuePerSecond(), 29, 31);
    }

    [Fact]
    public void Frames_without_coordinates_are_data_for_a_client_and_none_for_a_server()
    {
        var server = _loop.Server();
        var client = _loop.Client(server.Port, "--finder", "none");
        client.Receives(60);
        Assert.InRange(client.End().Of("frames.decoded"), 1, double.MaxValue);
        Assert.Equal(0, client.Summary.Of("samples"));
        Assert.Equal(1, server.Running.End());
        Assert.InRange(server.Summary.Of("frames.sent"), 1, double.MaxValue);
        Assert.Equal(0, server.Summary.Of("samples"));
    }

    private static void EndInPeace(Support.Loop.Side client, Support.Loop.Side server) => Assert.All([client, server], side =>
    {
        Assert.InRange(side.End().Of("samples"), 1, double.MaxValue);
        Assert.Empty(side.Running.Errors);
    });

    /// <summary>What somebody writes to a pipe. Not by .NET, which locks what it reads against writers.</summary>
    private static async Task<string> ReadAsync(string pipe)
    {
        using var cat = Process.Start(new ProcessStartInfo("cat", [pipe]) { RedirectStandardOutput = true })!;
        try
        {
            return await cat.StandardOutput.ReadToEndAsync().WaitAsync(Running.Patience);
        }
        finally
        {
            cat.Kill();
        }
    }
}
