using Ball.Handoff;

namespace BallDetector.Tests;

public sealed class CommandLineTests
{
    [Fact]
    public void Nothing_said_means_the_places_that_the_client_knows_too()
    {
        Assert.Equal(new DetectorOptions(HandoffPaths.DefaultPipe, HandoffPaths.DefaultSlot, "hough", false), Read(out _,
            out _));
    }

    [Fact]
    public void What_is_said_counts()
    {
        Assert.Equal(new DetectorOptions("/a/b", "/c", "centroid", true),
            Read(out _, out _, "--pipe", "/a/b", "--slot=/c", "--finder", "centroid", "--verbose"));
    }

    [Theory]
    [InlineData("--finder")]
    [InlineData("--finder", "x")]
    [InlineData("surplus")]
    public void What_cannot_be_understood_is_refused_in_one_line(params string[] arguments)
    {
        Assert.Null(Read(out var errors, out var exitCode, arguments));
        Assert.Equal(2, exitCode);
        Assert.Single(errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    private static DetectorOptions? Read(out string errors, out int exitCode, params string[] arguments)
    {
        var writer = new StringWriter();
        var options = CommandLine.Read(arguments, writer, out exitCode);
        errors = writer.ToString();
        return options;
    }
}
