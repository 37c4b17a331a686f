using Loop.Tests.Support;

namespace Loop.Tests;

/// <summary>What people see, looked at by code.</summary>
public sealed class WindowTests(WindowTests.OneScreen one) : IClassFixture<WindowTests.OneScreen>, IDisposable
{
    private const int Width = 320, Height = 240;
    private static readonly string s_small = $"{Width}x{Height}";
    private readonly Support.Loop _loop = new();

    public void Dispose() => _loop.Dispose();

    [Fact]
    public void The_client_draws_its_ring_round_the_ball_and_ends_when_its_window_is_closed()
    {
        var server = _loop.Server("--size", s_small);
        var client = _loop.WithWindow(
            "BallClient", one.Screen.Display, "--signaling-port", $"{server.Port}", "--finder", "centroid");
        client.Reports(2);
        // Now and then the newest picture has no detection yet; then it has no ring, and never a wrong one.
        var rings = 0;
        client.Running.Until(() =>
        {
            var shot = one.Screen.Take();
            var ball = shot.Find(IsBall);
            var ring = shot.Find(IsRing);
            if (ring.Count < 100 || !IsWhole(shot, ball))
                return false;
            Assert.InRange(Distance(ball, ring), 0, 1.5);
            return ++rings == 3;
        }, "to show the ball in a ring");

        one.Screen.Close("BallClient");
        Assert.Equal(0, client.Running.WaitForExit());
        Assert.InRange(client.Summary.Of("samples"), 1, double.MaxValue);
        Assert.Empty(client.Running.Errors);
        Assert.Equal(0, server.Running.End());
    }

    [Fact]
    public void The_server_shows_the_truth_and_what_came_back_and_ends_when_its_window_is_closed()
    {
        var server = _loop.WithWindow(
            "BallServer", one.Screen.Display, "--signaling-port", "0", "--urls", "http://127.0.0.1:0", "--size", s_small);
        var client = _loop.Client(server.Port, "--finder", "centroid", "--wait", "0.5");
        server.SeesTheBall(2);
        var hits = 0;
        server.Running.Until(() =>
        {
            var shot = one.Screen.Take();
            var ball = shot.Find(IsBall);
            var ring = shot.Find((r, g, b) => g > 200 && r < 130 && b < 130);
            var cross = shot.Find(IsRing);
            // What came back is as old as the loop is slow, which now and then may be very.
            if (ring.Count < 50 || cross.Count < 10 || !IsWhole(shot, ball) || Distance(ball, cross) > Width / 2.0)
                return false;
            Assert.InRange(Distance(ball, ring), 0, 2);
            // Actual, received, error, cumulative error.
            Assert.All(Enumerable.Range(0, 4), line => Assert.InRange(LettersIn(shot, line), 30, 2000));
            return ++hits == 3;
        }, "to show the ball in a ring, the cross and the figures");

        one.Screen.Close("BallServer");
        Assert.Equal(0, server.Running.WaitForExit());
        Assert.InRange(server.Summary.Of("samples"), 1, double.MaxValue);
        Assert.Equal(0, client.Running.WaitForExit());
        Assert.Empty(server.Running.Errors);
    }

    [Fact]
    public void On_a_display_that_cannot_be_opened_both_go_on_without_a_window()
    {
        var server = _loop.WithWindow("BallServer", ":4711", "--signaling-port", "0", "--urls", "http://127.0.0.1:0");
        var client = _loop.WithWindow(
            "BallClient", ":4711", "--signaling-port", $"{server.Port}", "--finder", "centroid");
        Assert.All([server, client], side => side.Running.Expect("warning.*No window.*:4711"));
        server.SeesTheBall(1);
        client.End();
        server.End();
    }

    [Fact]
    public void A_client_asked_for_a_window_where_there_is_no_display_says_what_to_do_and_goes_on()
    {
        var (server, client) = BothWithout("BallClient", "--display", "window");
        client.Running.Expect("warning: .*No window: .*DISPLAY.* is set.*--no-graphics");
        server.Scores(1);
        Assert.All([client, server], side => side.End());
        Assert.Single(client.Running.Output, IsAboutWindows);
    }

    [Theory]
    [InlineData("BallServer")]
    [InlineData("BallClient")]
    public void Who_asks_for_none_hears_little_of_it(string program)
    {
        var (server, client) = BothWithout(program);
        server.Scores(1);
        Assert.All([client, server], side => side.End());
        var line = Assert.Single((program == "BallServer" ? server : client).Running.Output, IsAboutWindows);
        Assert.DoesNotContain("warning", line, StringComparison.Ordinal);
    }

    /// <summary>Both, of which one is not told to go without graphics.</summary>
    private (Support.Loop.Side Server, Support.Loop.Side Client) BothWithout(string program, params string[] arguments)
    {
        var server = program == "BallServer"
            ? _loop.WithWindow(program, null, ["--signaling-port", "0", "--urls", "http://127.0.0.1:0", .. arguments])
            : _loop.Server();
        var client = program == "BallClient"
            ? _loop.WithWindow(program, null, ["--signaling-port", $"{server.Port}", "--finder", "centroid", .. arguments])
            : _loop.Client(server.Port, "--finder", "centroid");
        return (server, client);
    }

    private static bool IsAboutWindows(string line) => line.Contains("window", StringComparison.OrdinalIgnoreCase);

    /// <summary>Away from the text and the window's edges, which would hide parts of ball and ring.</summary>
    private static bool IsWhole(Screen.Shot shot, (int Count, double X, double Y) ball)
    {
        var (left, top, right, bottom) = shot.Bounds((r, g, b) => r + g + b > 0);
        return ball.Count > 800 && ball.X > left + 30 && ball.X < right - 30 && ball.Y > top + 110 && ball.Y < bottom - 30;
    }

    private static int LettersIn(Screen.Shot shot, int line)
    {
        var (left, top, _, _) = shot.Bounds((r, g, b) => r + g + b > 0);
        var bottom = top + 20 + 18 * line;
        return shot.Part(left, bottom - 12, left + Width, bottom).Find((r, g, b) => r > 180 && g > 180 && b > 180).Count;
    }

    private static bool IsBall(byte r, byte g, byte b) => r > 200 && g is > 150 and < 230 && b < 100;

    private static bool IsRing(byte r, byte g, byte b) => r > 200 && g < 130 && b is > 50 and < 130;

    private static double Distance((int, double X, double Y) a, (int, double X, double Y) b) =>
        double.Hypot(a.X - b.X, a.Y - b.Y);

    /// <summary>Windows share a screen, and take turns.</summary>
    public sealed class OneScreen
    {
        internal Screen Screen { get; } = new();
    }
}
