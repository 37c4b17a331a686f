using Loop.Tests.Support;

namespace Loop.Tests;

/// <summary>Frames go out, coordinates come back, and they are right.</summary>
public sealed class ScoringTests : IDisposable
{
    /// <summary>Pixels a second.</summary>
    private const double Speed = 240;

    /// <summary>What is sent while the two part may be lost: some seconds' worth, where the machine is busy.</summary>
    private const int LastSeconds = 5 * 30;

    private readonly Support.Loop _loop = new();

    public void Dispose() => _loop.Dispose();

    [Theory]
    [InlineData("centroid", 0.1)]
    [InlineData("hough", 0.6)]
    public void The_ball_is_found_where_it_was(string finder, double error)
    {
        var server = _loop.Server();
        var client = _loop.Client(server.Port, "--finder", finder);
        server.SeesTheBall(3);
        server.Scores(20);
        var sent = client.End();
        var scored = server.End();

        Assert.InRange(scored.Of("samples"), 20, double.MaxValue);
        Assert.InRange(scored.Of("error_px.mean"), 0, error);
        Assert.Equal(0, scored.Of("unmatched"));
        Assert.Equal(0, scored.Of("duplicates"));
        Assert.Equal(0, scored.Of("plain"));
        Assert.InRange(scored.Of("latency_ms.p50"), 0.01, scored.Of("seconds") * 1000);
        // The ball goes on while its coordinates are on their way, and no faster than it is; percentiles are right to 1 %.
        Assert.InRange(scored.Of("realtime_error_px.mean"), 0.01, scored.Of("realtime_error_px.max"));
        Assert.InRange(scored.Of("realtime_error_px.p95"), 0.01,
            scored.Of("error_px.max") + 1 + 1.02 * Speed * scored.Of("latency_ms.p95") / 1000);
        // Also of a clock that is gone by the time the server ends.
        // It is one clock, so the offset has to be nothing, within the uncertainty.
        Assert.All([sent, scored], side =>
        {
            var uncertainty = side.Of("clock_uncertainty_ms");
            Assert.InRange(uncertainty, 0.0001, 5000);
            Assert.InRange(side.Of("clock_offset_ms"), -uncertainty, uncertainty);
        });
        // Counted once it is sent, when it may already be there.
        Assert.InRange(sent.Of("samples") - scored.Of("samples"), -1, LastSeconds);
        Assert.InRange(scored.Of("frames.sent") - sent.Of("frames.received"), -1, LastSeconds);
        // Up to thirty wait to be decoded, and one is being.
        Assert.InRange(sent.Of("frames.received") - sent.Of("frames.decoded") - sent.Of("dropped.decode"), 0, 31);
        foreach (var stage in new[] { "paint", "encode", "send", "network", "decode", "handoff", "detect", "report", "return" })
            Assert.True(scored.Has($"stage_latency_ms.{stage}.p50"), $"no {stage} in {scored}");
    }

    [Fact]
    public void All_that_is_sent_is_scored()
    {
        var (pipe, slot) = (_loop.FileName(".pipe"), _loop.FileName(".slot"));
        var server = _loop.Server();
        var client = _loop.Client(server.Port, "--detector", "attach", "--pipe", pipe, "--slot", slot);
        var detector = _loop.Bare("BallDetector", "--pipe", pipe, "--slot", slot, "--finder", "centroid");
        server.Scores(20);
        // Nothing new is sent without it, and what was sent has time to arrive.
        Assert.Equal(0, detector.End());
        client.SaysAgain(" 0 coordinates sent", client.Running.Output.Length, 2);
        server.Running.Until(() => server.Scored == client.Sent, "to score all that was sent");
        var sent = client.End();
        Assert.Equal(sent.Of("samples"), server.End().Of("samples"));
    }

    [Fact]
    public void The_client_may_be_the_one_who_listens()
    {
        var client = _loop.Client(0, "offer", "--finder", "centroid");
        var server = _loop.ServerAt(client.Port, "answer");
        server.SeesTheBall();
        Assert.InRange(server.End().Of("error_px.mean"), 0, 0.1);
        client.Running.Expect("The server is gone");
        client.End();
    }

    [Fact]
    public void The_client_may_start_first()
    {
        var port = UnusedPort.Find();
        var client = _loop.Client(port, "--finder", "centroid");
        client.Running.Expect("looking for a server");
        var server = _loop.ServerAt(port);
        server.SeesTheBall();
    }

    [Fact]
    public void The_server_may_start_first_when_it_is_the_one_who_seeks()
    {
        var port = UnusedPort.Find();
        var server = _loop.ServerAt(port, "answer");
        server.Running.Expect("looking for a client");
        _loop.Client(port, "offer", "--finder", "centroid");
        server.SeesTheBall();
    }

    [Fact]
    public void Several_clients_each_have_a_session_of_their_own()
    {
        var server = _loop.Server();
        var port = server.Port;
        var clients = Enumerable.Range(0, 3).Select(_ => _loop.Client(port, "--finder", "centroid")).ToList();
        foreach (var number in new[] { 1, 2, 3 })
            server.Running.Expect($@"peer {number}: connected.*seen \(", 2);
        var sent = clients.Sum(client => client.End().Of("samples"));
        var scored = server.End();
        Assert.Equal(3, scored.Of("peers"));
        Assert.InRange(scored.Of("samples"), sent - 3 * LastSeconds, sent + 3);
        Assert.InRange(scored.Of("error_px.mean"), 0, 0.1);
        // Encoded once, however many watch.
        Assert.True(scored.Of("frames.encoded") <= scored.Of("frames.rendered"));
    }

    [Theory]
    [InlineData("gray", "640x480", "centroid", 0.1)]
    [InlineData("bgr", "640x480", "centroid", 0.1)]
    [InlineData("gray", "1280x720", "centroid", 0.1)]
    [InlineData("bgr", "1280x720", "centroid", 0.1)]
    [InlineData("bgr", "320x240", "hough", 0.6)]
    [InlineData("gray", "333x251", "centroid", 0.1)]
    [InlineData("bgr", "641x479", "hough", 0.6)]
    public void Raw_frames_come_over_the_data_channel(string pixels, string size, string finder, double error)
    {
        var server = _loop.Server("--frames", "datachannel", "--pixels", pixels, "--size", size);
        var client = _loop.Client(server.Port, "--finder", finder);
        server.SeesTheBall();
        client.Receives(10);
        var sent = client.End();
        var scored = server.End();
        Assert.InRange(scored.Of("error_px.mean"), 0, error);
        Assert.Equal(0, scored.Of("unmatched"));
        Assert.Equal(0, scored.Of("frames.encoded"));
        Assert.InRange(sent.Of("frames.decoded"), 10, double.MaxValue);
        Assert.False(sent.Has("stage_latency_ms.decode"));
    }

    [Fact]
    public void Raw_frames_come_to_a_client_that_listens_too()
    {
        var client = _loop.Client(0, "offer", "--finder", "centroid");
        var server = _loop.ServerAt(client.Port, "answer", "--frames", "datachannel");
        server.SeesTheBall();
        Assert.InRange(server.End().Of("error_px.mean"), 0, 0.1);
    }
}
