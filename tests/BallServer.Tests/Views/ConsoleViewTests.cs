using Ball.Link.Messages;
using Ball.Measuring;
using Ball.World;
using BallServer.Streaming;
using BallServer.Views;
using Spectre.Console;

namespace BallServer.Tests.Views;

/// <summary>The table on the terminal, at every size that a terminal has.</summary>
public class ConsoleViewTests
{
    private static readonly TimeSpan s_running = TimeSpan.FromSeconds(75);
    private static readonly string[] s_log =
        ["14:25:28  The page is at http://127.0.0.1:45991", "14:25:28  Clients connect to 127.0.0.1:8080"];

    [Theory]
    [InlineData(200, 50)]
    [InlineData(110, 30)]
    [InlineData(105, 12)]
    [InlineData(80, 24)]
    [InlineData(60, 15)]
    [InlineData(40, 10)]
    [InlineData(20, 5)]
    public void Nothing_wraps_and_nothing_scrolls(int width, int height)
    {
        foreach (var peers in new[] { 0, 1, 2, 5, 40 })
        {
            var lines = Draw(width, height, peers);
            Assert.InRange(lines.Length, 1, height - 1);
            Assert.All(lines, line => Assert.True(line.Length <= width, $"'{line}' is wider than {width}"));
            Assert.Contains(lines, line => line.StartsWith("640x480 at 30.0 of 30", StringComparison.Ordinal) || width < 25);
        }
    }

    [Theory]
    [InlineData(110, "reported  111.1, 222.2", "true      111.0, 222.0", "clock -3.17 ± 0.02 ms", "0.12 ø 0.25",
        "3.5", "4321 sum", "2.50", "20.75", "99.00", "1234567")]
    [InlineData(80, "peer 1", "30.0", "0.250", "3.5", "2.50", "20.75", "99.00", "1234567")]
    [InlineData(50, "peer 1", "30.0", "0.250", "2.50", "1234567")]
    public void Figures_are_whole_or_left_out(int width, params string[] figures)
    {
        var drawn = string.Join('\n', Draw(width, 30, 1));
        Assert.All(figures, figure => Assert.Contains(figure, drawn, StringComparison.Ordinal));
        Assert.DoesNotContain("…", drawn, StringComparison.Ordinal);
    }

    /// <summary>Clocks of two machines differ by as long as one of them has been up before the other.</summary>
    [Fact]
    public void A_clock_of_another_machine_fits_too()
    {
        var drawn = string.Join('\n', Draw(110, 30, 1, clockOffset: 8_640_000_400_000_000));
        Assert.Contains("clock 8640000 s ± 0.02 ms", drawn, StringComparison.Ordinal);
        Assert.DoesNotContain("…", drawn, StringComparison.Ordinal);
    }

    [Fact]
    public void Who_does_not_fit_is_counted()
    {
        var drawn = string.Join('\n', Draw(80, 16, 40));
        Assert.Contains("peer 1 ", drawn, StringComparison.Ordinal);
        Assert.Contains("34 more", drawn, StringComparison.Ordinal);
    }

    [Fact]
    public void Samples_of_no_frame_are_shown_however_narrow_it_is() =>
        Assert.Contains("4711", string.Join('\n', Draw(50, 30, 1, unmatched: 4711)), StringComparison.Ordinal);

    private static string[] Draw(int width, int height, int peers, long unmatched = 0, long clockOffset = -3_170_000)
    {
        var report = new LoopReport(
            s_running, new StreamSettings(), new StreamCounts(2250, 2250, 0, s_running), new BallPosition(1, 2),
            [.. Enumerable.Range(1, peers).Select(number => Peer(number, unmatched, clockOffset))])
        {
            Fps = 30, Where = "clients connect to 127.0.0.1:8080",
        };
        var written = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, Out = new AnsiConsoleOutput(written) });
        (console.Profile.Width, console.Profile.Height) = (width, height);
        console.Write(ConsoleView.Render(report, s_log, width, height));
        return written.ToString().TrimEnd('\n').Split('\n');
    }

    private static PeerReport Peer(int number, long unmatched, long clockOffset) => new($"peer {number}", true)
    {
        Rate = 30, Reported = new BallPosition(111.1, 222.2), Truth = new BallPosition(111, 222), Error = 0.12, MeanError = 0.25,
        RealtimeError = 3.5, InOrderTotal = 4321, Latency = new Percentiles(2.5, 20.75, 99), Samples = 1234567,
        Unmatched = unmatched, Clock = new ClockReading(clockOffset, 20_000, 8),
    };
}
