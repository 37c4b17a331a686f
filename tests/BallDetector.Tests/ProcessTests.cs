using System.Diagnostics;
using System.Net;
using System.Text.RegularExpressions;
using Ball.Handoff;

namespace BallDetector.Tests;

/// <summary>The process as people and scripts meet it.</summary>
[Collection(nameof(ChaosTests))]
public sealed partial class ProcessTests : IDisposable
{
    private static readonly TimeSpan s_soon = TimeSpan.FromSeconds(30);
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("--finder is hough or centroid, not 'eyes'", "--finder", "eyes")]
    [InlineData("--pipes", "--pipes", "/tmp/x")]
    [InlineData("absolute path", "--pipe", "frames.pipe")]
    [InlineData("absolute path", "--slot", "coordinates.slot")]
    public void Bad_usage_is_one_line_that_says_what_to_do(string expected, params string[] arguments)
    {
        using var detector = DetectorProcess.Start(arguments);
        Assert.Equal(2, detector.WaitForExit());
        Assert.Contains(expected, Assert.Single(detector.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries)));
        Assert.Empty(detector.Output);
    }

    [Fact]
    public void Help_names_every_option()
    {
        using var detector = DetectorProcess.Start("--help");
        Assert.Equal(0, detector.WaitForExit());
        foreach (var word in new[] { "--pipe", "--slot", "--finder", "hough|centroid", "--verbose", "Ball__Pipe",
            HandoffPaths.DefaultSlot })
            Assert.Contains(word, detector.Output);
    }

    [Theory]
    [InlineData("TERM")]
    [InlineData("INT")]
    public void Without_frames_it_ends_cleanly_and_says_that_none_came(string signal)
    {
        using var detector = Start();
        Until(() => File.Exists(_folder.Slot), detector);
        detector.Signal(signal);
        Assert.Equal(1, detector.WaitForExit());
        Assert.Contains("frames read 0", detector.Output);
        Assert.Empty(detector.Errors);
    }

    [Theory]
    [InlineData("hough")]
    [InlineData("centroid")]
    public void With_frames_it_finds_the_ball_ends_cleanly_and_says_what_it_did(string finder)
    {
        using var client = new Client(_folder.Pipe, _folder.Slot);
        using var detector = Start("--finder", finder, "--verbose");
        // Detection starts before the host that has the log.
        Until(
            () => client.Coordinates >= 20 && detector.Output.Contains($"({finder})", StringComparison.Ordinal)
                || client.Failure is not null,
            detector);
        detector.Signal("TERM");
        Assert.Equal(0, detector.WaitForExit());
        Assert.Null(client.Failure);
        Assert.Contains("ms p50", detector.Output);
        Assert.Contains($"({finder})", detector.Output);
        Assert.Contains("failed 0", detector.Output);
    }

    [Fact]
    public void A_second_detector_at_the_same_slot_is_refused()
    {
        using var first = Start();
        Until(() => File.Exists(_folder.Slot), first);
        using var second = Start();
        Assert.Equal(2, second.WaitForExit());
        Assert.Contains("two writers", second.Errors);
        Assert.Contains($"process {first.Id} ", second.Errors);
        Assert.False(first.HasExited);
    }

    [Fact]
    public void Configuration_counts_and_the_command_line_wins()
    {
        using var client = new Client(_folder.Pipe, _folder.Slot);
        using var detector = DetectorProcess.Start(["--finder", "centroid"], new()
        {
            ["Ball__Pipe"] = _folder.Pipe,
            ["Ball__Slot"] = _folder.Slot,
            ["Ball__Finder"] = "none such",
            ["Ball__Verbose"] = "true",
        });
        Until(() => client.Coordinates >= 3 && detector.Output.Contains("(centroid)"), detector);
        detector.Signal("TERM");
        Assert.Equal(0, detector.WaitForExit());
    }

    [Fact]
    public async Task It_is_ready_when_it_works()
    {
        using var detector = DetectorProcess.Start(["--pipe", _folder.Pipe, "--slot", _folder.Slot, "--verbose"],
            new() { ["ASPNETCORE_URLS"] = "http://127.0.0.1:0" });
        var port = ListensAt(detector);
        using var http = new HttpClient();
        foreach (var path in new[] { "health", "alive" })
        {
            var status = HttpStatusCode.ServiceUnavailable;
            for (var started = Stopwatch.GetTimestamp(); status != HttpStatusCode.OK
                && Stopwatch.GetElapsedTime(started) < s_soon;)
            {
                try
                {
                    status = (await http.GetAsync($"http://127.0.0.1:{port}/{path}")).StatusCode;
                }
                catch (HttpRequestException)
                {
                    await Task.Delay(20);
                }
            }
            Assert.Equal(HttpStatusCode.OK, status);
        }
    }

    [Fact]
    public void Two_detectors_on_one_machine_do_not_fight_over_a_port()
    {
        using var first = Start("--verbose");
        var port = ListensAt(first);
        using var other = new TestFolder();
        using var second = DetectorProcess.Start("--pipe", other.Pipe, "--slot", other.Slot, "--verbose");
        var another = ListensAt(second);
        Until(() => second.Output.Contains("Looking for the ball"), second);
        Assert.False(first.HasExited);
        Assert.NotEqual(port, another);
        Assert.DoesNotContain(5000, new[] { port, another });
        second.Signal("TERM");
        second.WaitForExit();
    }

    [Fact]
    public void A_client_that_comes_back_gets_coordinates_again()
    {
        using var detector = Start("--finder", "centroid");
        for (var round = 0; round < 3; round++)
        {
            using var client = new Client(_folder.Pipe, _folder.Slot);
            Until(() => client.Coordinates >= 3 || client.Failure is not null, detector);
            Assert.Null(client.Failure);
        }
    }

    private static int ListensAt(DetectorProcess detector)
    {
        Until(() => Listening().IsMatch(detector.Output), detector);
        return int.Parse(Listening().Match(detector.Output).Groups[1].Value);
    }

    private static void Until(Func<bool> condition, DetectorProcess detector) =>
        Assert.True(SpinWait.SpinUntil(() => condition() || detector.HasExited, s_soon) && !detector.HasExited,
            $"never came; the detector said: {detector.Output}{detector.Errors}");

    private DetectorProcess Start(params string[] more) =>
        DetectorProcess.Start(["--pipe", _folder.Pipe, "--slot", _folder.Slot, .. more]);

    [GeneratedRegex(@"Now listening on: http://127\.0\.0\.1:(\d+)\s")]
    private static partial Regex Listening();
}
