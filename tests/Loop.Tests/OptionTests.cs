using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Loop.Tests.Support;

namespace Loop.Tests;

/// <summary>What people tell the programs.</summary>
public sealed class OptionTests : IDisposable
{
    private readonly Support.Loop _loop = new();

    public void Dispose() => _loop.Dispose();

    [Theory]
    [InlineData("BallServer", "--fps", "--fps", "fast")]
    [InlineData("BallServer", "--size", "--size", "641x480")]
    [InlineData("BallServer", "--bitrate", "--bitrate", "much")]
    [InlineData("BallServer", "--frames", "--frames", "paper")]
    [InlineData("BallServer", "--seconds", "--seconds", "-1")]
    [InlineData("BallServer", "role", "listen")]
    [InlineData("BallServer", "--colour", "--colour")]
    [InlineData("BallServer", "surplus", "offer", "surplus")]
    [InlineData("BallServer", "4096x2304", "--size", "8192x8192")]
    [InlineData("BallServer", "192.0.2.1", "--signaling-host", "192.0.2.1")]
    [InlineData("BallServer", "/no/such/folder", "--json", "/no/such/folder/s.json", "--seconds", "1")]
    [InlineData("BallServer", "a folder", "--json", "/tmp")]
    [InlineData("BallServer", "nonsense", "--urls", "nonsense")]
    [InlineData("BallServer", "99999", "--urls", "http://127.0.0.1:99999")]
    [InlineData("BallServer", "192.0.2.1", "--urls", "http://192.0.2.1:5080")]
    [InlineData("BallServer", "https", "--urls", "https://127.0.0.1:0")]
    [InlineData("BallServer", "no room", "--size", "32x32")]
    [InlineData("BallServer", "192 MiB", "--size", "8192x8192", "--frames", "datachannel")]
    [InlineData("BallServer", "notanorigin", "--origins", "notanorigin")]
    [InlineData("BallServer", "--seconds", "--seconds", "5000000")]
    [InlineData("BallClient", "--seconds", "--seconds", "5000000")]
    [InlineData("BallClient", "--finder", "--finder", "eyes")]
    [InlineData("BallClient", "--signaling-port", "--signaling-port", "70000")]
    [InlineData("BallClient", "--message", "--message", "{nobody}")]
    [InlineData("BallClient", "--pipe and --slot", "--detector", "attach")]
    [InlineData("BallClient", "absolute", "--detector", "attach", "--pipe", "a", "--slot", "b")]
    [InlineData("BallClient", "/no/such/folder", "--json", "/no/such/folder/c.json", "--wait", "0.1")]
    [InlineData("BallClient", "a folder", "--json", "/tmp")]
    [InlineData("BallDetector", "--finder", "--finder", "eyes")]
    [InlineData("BallDetector", "--pipes", "--pipes", "x")]
    public void A_mistake_is_one_line_on_stderr_that_names_it(string program, string expected, params string[] arguments)
    {
        string[] noWindow = program == "BallDetector" ? [] : ["--no-graphics"];
        var running = _loop.Bare(program, [.. arguments, .. noWindow],
            ("Ball__Urls", "http://127.0.0.1:0"));
        Assert.Equal(2, running.WaitForExit());
        var line = Assert.Single(running.Errors);
        Assert.StartsWith($"{program}: ", line, StringComparison.Ordinal);
        Assert.Contains(expected, line, StringComparison.Ordinal);
        Assert.DoesNotContain(running.Output, said => said.Contains("   at ", StringComparison.Ordinal));
    }

    [Fact]
    public void An_address_from_discovery_that_makes_no_sense_is_named()
    {
        var client = _loop.Bare("BallClient", ["--no-graphics"], ("services__server__signaling__0", "nonsense"));
        Assert.Equal(2, client.WaitForExit());
        Assert.Contains("nonsense", Assert.Single(client.Errors), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("BallClient", "--no-graphics")]
    [InlineData("BallDetector")]
    public void An_address_from_the_environment_that_makes_no_sense_is_named(string program, params string[] arguments)
    {
        var running = _loop.Bare(program, arguments, ("ASPNETCORE_URLS", "nonsense"), ("XDG_RUNTIME_DIR", _loop.Folder));
        Assert.Equal(2, running.WaitForExit());
        Assert.Contains("nonsense", Assert.Single(running.Errors), StringComparison.Ordinal);
    }

    [Fact]
    public void A_port_that_is_taken_is_named()
    {
        var first = _loop.Server();
        var port = $"{first.Port}";
        var second = _loop.Bare("BallServer", ["--signaling-port", port, "--no-graphics"], ("Ball__Urls", "http://127.0.0.1:0"));
        Assert.Equal(2, second.WaitForExit());
        Assert.Contains(port, Assert.Single(second.Errors), StringComparison.Ordinal);
    }

    [Fact]
    public void A_web_address_that_is_taken_is_named()
    {
        var port = UnusedPort.Find();
        var first = _loop.Bare("BallServer", "--signaling-port", "0", "--no-graphics", "--urls", $"http://127.0.0.1:{port}");
        first.Expect("connect to");
        var second = _loop.Bare("BallServer", "--signaling-port", "0", "--no-graphics", "--urls", $"http://127.0.0.1:{port}");
        Assert.Equal(2, second.WaitForExit());
        Assert.Contains($"{port}", Assert.Single(second.Errors), StringComparison.Ordinal);
    }

    [Fact]
    public void A_media_port_that_is_taken_is_named()
    {
        using var taken = new System.Net.Sockets.UdpClient(0);
        var port = $"{((System.Net.IPEndPoint)taken.Client.LocalEndPoint!).Port}";
        var server = _loop.Bare(
            "BallServer", "--signaling-port", "0", "--no-graphics", "--urls", "http://127.0.0.1:0", "--media-port", port);
        Assert.Equal(2, server.WaitForExit());
        Assert.Contains(port, Assert.Single(server.Errors), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("BallServer", "--size", "--fps", "--bitrate", "--frames", "--pixels", "--bounce", "--seed", "--signaling-host",
        "--signaling-port", "--wait", "--urls", "--no-graphics", "--verbose", "--seconds", "--json", "Ball__SignalingPort")]
    [InlineData("BallClient", "--signaling-host", "--signaling-port", "--finder", "--display", "--detector", "--pipe", "--slot",
        "--message", "--wait", "--no-graphics", "--verbose", "--seconds", "--json", "Ball__SignalingPort")]
    [InlineData("BallDetector", "--pipe", "--slot", "--finder", "--verbose", "Ball__Pipe")]
    public void Help_names_everything(string program, params string[] words)
    {
        var running = _loop.Bare(program, "--help");
        Assert.Equal(0, running.WaitForExit());
        Assert.Empty(running.Errors);
        var help = string.Join('\n', running.Output);
        Assert.All(words, word => Assert.Contains(word, help, StringComparison.Ordinal));
    }

    [Fact]
    public void The_servers_options_decide_what_is_streamed()
    {
        var server = _loop.Server("--size", "320x240", "--fps", "60", "--bitrate", "800k", "--bounce", "random", "--seed", "7");
        var client = _loop.Client(server.Port, "--finder", "centroid", "--display", "none");
        server.SeesTheBall(3);
        client.End();
        var scored = server.End();
        Assert.InRange(scored.Of("error_px.mean"), 0, 0.1);
        Assert.InRange(scored.FramesDuePerSecond(), 59, 61);
    }

    /// <summary>A fixed bounce keeps the ball's angle to the walls, so the angle tells paths apart whenever one looks.</summary>
    [Fact]
    public async Task The_seed_decides_the_path_and_the_bounce_what_becomes_of_it_at_a_wall()
    {
        var first = await AnglesAsync("--seed", "7");
        var again = await AnglesAsync("--seed", "7");
        var other = await AnglesAsync("--seed", "8");
        var random = await AnglesAsync("--seed", "7", "--bounce", "random");

        Assert.InRange(Spread(first), 0, 5);
        Assert.InRange(Math.Abs(Middle(first) - Middle(again)), 0, 1);
        Assert.InRange(Math.Abs(Middle(first) - Middle(other)), 3, 90);
        Assert.InRange(Spread(random), 10, 90);

        async Task<double[]> AnglesAsync(params string[] options)
        {
            // So small that there is a wall every quarter of a second.
            var server = _loop.Server(
                ["--frames", "datachannel", "--pixels", "gray", "--size", "100x80", "--fps", "60", .. options]);
            await using var viewer = await Viewer.WatchAsync(server.Port, 180);
            return [.. viewer.Angles().Order()];
        }

        static double Middle(double[] angles) => angles[angles.Length / 2];

        // Without the few that span a bounce.
        static double Spread(double[] angles) => angles[angles.Length * 85 / 100] - angles[angles.Length * 15 / 100];
    }

    [Fact]
    public async Task The_bitrate_decides_how_large_the_frames_are()
    {
        var narrow = await BytesPerFrameAsync("50k");
        var wide = await BytesPerFrameAsync("5M");
        Assert.InRange(narrow, 1, wide / 2);

        async Task<double> BytesPerFrameAsync(string bitrate)
        {
            var server = _loop.Server("--size", "1280x720", "--fps", "60", "--bitrate", bitrate);
            await using var viewer = await Viewer.WatchAsync(server.Port, 120);
            return viewer.BytesPerFrame;
        }
    }

    [Fact]
    public void Verbose_programs_say_more()
    {
        const string More = "Session: Connection connected";
        var server = _loop.Server("--verbose");
        var quiet = _loop.Client(server.Port, "--finder", "centroid");
        var verbose = _loop.Client(server.Port, "--finder", "centroid", "--verbose");
        server.Running.Expect(More, 2);
        verbose.Running.Expect(More);
        // Its detector is told too.
        verbose.Running.Expect("Lifetime: Now listening", 2);
        quiet.Reports();
        Assert.DoesNotContain(quiet.Running.Output, line => line.Contains(More, StringComparison.Ordinal));
    }

    [Fact]
    public void Configuration_counts_where_the_command_line_is_silent()
    {
        var file = _loop.FileName(".json");
        var server = _loop.Bare("BallServer", ["--signaling-port", "0", "--no-graphics", "--seconds", "4", "--json", file],
            ("Ball__Fps", "12"), ("Ball__Seconds", "300"), ("Ball__Urls", "http://127.0.0.1:0"));
        Assert.Equal(1, server.WaitForExit());
        Assert.Single(server.Output, line => Regex.IsMatch(line, @"^BallServer: \d+ frames in .* fps\)"));
        Assert.InRange(JsonNode.Parse(File.ReadAllText(file))!.FramesDuePerSecond(), 11.5, 12.5);
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("coords {x:0},{y:0}")]
    public void Messages_without_a_frame_are_scored_by_what_needs_none(string message)
    {
        var server = _loop.Server();
        var client = _loop.Client(server.Port, "--finder", "centroid", "--message", message);
        server.Scores(10);
        client.End();
        var scored = server.End();
        Assert.InRange(scored.Of("samples"), 10, double.MaxValue);
        Assert.Equal(scored.Of("samples"), scored.Of("plain"));
        Assert.True(scored.Has("realtime_error_px.mean"));
        Assert.InRange(scored.Of("l1_total"), 1, double.MaxValue);
        Assert.False(scored.Has("error_px"));
        Assert.False(scored.Has("latency_ms"));
        // Nobody says hello to a stranger, so nobody knows its clock.
        Assert.False(scored.Has("clock_uncertainty_ms"));
    }

    [Fact]
    public void A_template_that_names_the_frame_is_scored_like_ours()
    {
        var server = _loop.Server();
        var client = _loop.Client(server.Port, "--finder", "centroid", "--message", """{{"pts":{pts},"x":{x},"y":{y}}}""");
        server.SeesTheBall();
        client.End();
        var scored = server.End();
        Assert.Equal((0d, 0d), (scored.Of("plain"), scored.Of("unmatched")));
        Assert.InRange(scored.Of("error_px.mean"), 0, 0.1);
    }

    [Fact]
    public void A_message_that_names_a_frame_that_never_was_is_counted_and_not_scored()
    {
        var server = _loop.Server();
        var client = _loop.Client(server.Port, "--finder", "centroid", "--message", """{{"pts":7,"x":{x},"y":{y}}}""");
        server.Running.Expect(@"connected  unmatched [1-9]\d");
        client.End();
        Assert.Equal(1, server.Running.End());
        Assert.InRange(server.Summary.Of("unmatched"), 10, double.MaxValue);
        Assert.Equal(0, server.Summary.Of("samples"));
    }
}
