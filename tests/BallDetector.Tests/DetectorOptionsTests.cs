using Ball.Handoff;

namespace BallDetector.Tests;

public sealed class DetectorOptionsTests
{
    [Fact]
    public void Nothing_said_means_the_places_that_the_client_knows_too()
    {
        var options = DetectorOptions.Parse([]).Options!;
        Assert.Equal((HandoffPaths.DefaultPipe, HandoffPaths.DefaultSlot), (options.Pipe, options.Slot));
        Assert.Equal("hough", options.FinderName);
        Assert.False(options.Verbose);
    }

    [Fact]
    public void What_is_said_counts() => Assert.Equal(
        new DetectorOptions { Pipe = "/a/b", Slot = "/c", Finder = FinderKind.Centroid, Verbose = true },
        DetectorOptions.Parse(["--pipe", "/a/b", "--slot=/c", "--finder", "centroid", "--verbose"]).Options);

    [Theory]
    [InlineData("--finder")]
    [InlineData("--finder", "x")]
    [InlineData("surplus")]
    public void What_cannot_be_understood_is_refused_in_one_line(params string[] arguments)
    {
        var parsed = DetectorOptions.Parse(arguments);
        Assert.Null(parsed.Options);
        Assert.Equal(2, parsed.ExitCode);
        Assert.Single(parsed.Text.Split('\n'));
    }
}
