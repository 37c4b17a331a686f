using Loop.Tests.Support;

namespace Loop.Tests;

/// <summary>Whoever is killed and comes back is picked up again, without a restart of the others.</summary>
public sealed class RecoveryTests : IDisposable
{
    private readonly Support.Loop _loop = new();

    public void Dispose() => _loop.Dispose();

    [Fact]
    public void A_client_finds_a_server_that_was_killed_and_started_again()
    {
        var port = UnusedPort.Find();
        var first = _loop.ServerAt(port);
        var client = _loop.Client(port, "--finder", "centroid");
        first.SeesTheBall();
        first.Running.Kill();
        client.Running.Expect("The server is gone");
        var second = _loop.ServerAt(port);
        second.SeesTheBall();
        Assert.Equal(2, client.End().Of("peers"));
        Assert.InRange(second.End().Of("error_px.mean"), 0, 0.1);
    }

    [Fact]
    public void A_server_drops_a_client_that_was_killed_and_serves_the_next()
    {
        var server = _loop.Server();
        var first = _loop.Client(server.Port, "--finder", "centroid");
        server.SeesTheBall();
        first.Running.Kill();
        server.Running.Expect("peer 1 is gone");
        _loop.Client(server.Port, "--finder", "centroid");
        server.Running.Expect(@"peer [2-9]: connected.*seen \(", 2);
        Assert.Equal(2, server.End().Of("peers"));
    }

    [Fact]
    public void A_seeking_server_finds_a_client_that_was_killed_and_started_again()
    {
        var port = UnusedPort.Find();
        var first = _loop.Client(port, "offer", "--finder", "centroid");
        var server = _loop.ServerAt(port, "answer");
        server.SeesTheBall();
        first.Running.Kill();
        server.Running.Expect("peer 1 is gone");
        _loop.Client(port, "offer", "--finder", "centroid");
        server.Running.Expect(@"peer [2-9]: connected.*seen \(", 2);
    }

    [Fact]
    public void A_listening_client_takes_a_server_that_was_killed_and_started_again()
    {
        var client = _loop.Client(0, "offer", "--finder", "centroid");
        var port = client.Port;
        var first = _loop.ServerAt(port, "answer");
        first.SeesTheBall();
        first.Running.Kill();
        client.Running.Expect("The server is gone");
        var second = _loop.ServerAt(port, "answer");
        second.SeesTheBall();
        Assert.InRange(second.End().Of("error_px.mean"), 0, 0.1);
        client.Running.Expect("The server is gone", 2);
        Assert.Equal(2, client.End().Of("peers"));
    }

    [Fact]
    public void A_detector_that_is_killed_is_replaced_without_losing_the_session()
    {
        var server = _loop.Server();
        var client = _loop.Client(server.Port, "--finder", "centroid");
        client.Reports();
        using (var detector = System.Diagnostics.Process.GetProcessById(client.Running.Children.Single()))
            detector.Kill();
        client.Running.Expect("detector ended");
        var before = client.Running.Output.Length;
        client.ReportsAgain(before);
        client.End();
        Assert.Equal(1, server.End().Of("peers"));
    }

    [Fact]
    public void A_client_that_is_killed_leaves_no_detector_behind()
    {
        var server = _loop.Server();
        var client = _loop.Client(server.Port, "--finder", "centroid");
        client.Reports(1);
        var detector = client.Running.Children.Single();
        client.Running.Kill();
        Assert.True(SpinWait.SpinUntil(() => !Processes.IsAlive(detector), Running.Patience), "the detector lives on");
    }

    [Fact]
    public void A_client_works_with_any_detector_that_somebody_starts()
    {
        var (pipe, slot) = (_loop.FileName(".pipe"), _loop.FileName(".slot"));
        var server = _loop.Server();
        var client = _loop.Client(server.Port, "--detector", "attach", "--pipe", pipe, "--slot", slot);
        client.Running.Expect("[1-9][0-9]* frames received");
        Assert.Empty(client.Running.Children);

        var first = _loop.Bare("BallDetector", "--pipe", pipe, "--slot", slot, "--finder", "centroid");
        client.Reports();
        first.Kill();
        var second = _loop.Bare("BallDetector", "--pipe", pipe, "--slot", slot, "--finder", "centroid", "--verbose");
        second.Expect("Connected to the frame pipe");
        var before = client.Running.Output.Length;
        client.ReportsAgain(before);
        client.End();
        Assert.InRange(server.End().Of("error_px.mean"), 0, 0.1);
        Assert.Equal(0, second.End());
    }
}
