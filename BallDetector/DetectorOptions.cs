using Ball.CommandLine;
using Ball.Handoff;

namespace BallDetector;

/// <summary>Everything a person can tell the detector.</summary>
internal sealed record DetectorOptions
{
    /// <summary>Where the client serves frames.</summary>
    public string Pipe { get; init; } = HandoffPaths.DefaultPipe;

    /// <summary>Where to publish coordinates.</summary>
    public string Slot { get; init; } = HandoffPaths.DefaultSlot;

    public FinderKind Finder { get; init; } = FinderKind.Hough;

    public bool Verbose { get; init; }

    /// <summary>Whether the end of standard input is the end: a child must not outlive its parent, however that dies.</summary>
    public bool EndWithInput { get; init; }

    /// <summary>The finder's name everywhere else.</summary>
    public string FinderName => Finder.ToString().ToLowerInvariant();

    /// <summary>Reads the command line, and the configuration where that is silent.</summary>
    public static Parsed<DetectorOptions> Parse(IReadOnlyList<string> args, IConfiguration? configuration = null)
    {
        var defaults = new DetectorOptions();
        var settings = new Settings("BallDetector",
            "Reads frames from a pipe, finds the ball in each, and publishes its coordinates in shared memory. Every option is "
            + "also configuration: --pipe is Ball__Pipe in the environment.");
        var pipe = settings.Add("--pipe", "PATH", $"where the client serves frames, an absolute path ({defaults.Pipe})",
            Parsers.Text, defaults.Pipe);
        var slot = settings.Add("--slot", "PATH", $"where to publish coordinates, an absolute path ({defaults.Slot})",
            Parsers.Text, defaults.Slot);
        var finder = settings.Add("--finder", "hough|centroid",
            "how: OpenCV's Hough gradient; or the ball's colour, much faster (hough)",
            Parsers.OneOf<FinderKind>, defaults.Finder);
        var verbose = settings.AddFlag("--verbose", "say more");
        var endWithInput = settings.AddFlag("--end-with-input", "end when standard input does; for programs that start this one");
        return settings.Parse(args, configuration, values => new DetectorOptions
        {
            Pipe = values.Of(pipe),
            Slot = values.Of(slot),
            Finder = values.Of(finder),
            Verbose = values.Of(verbose),
            EndWithInput = values.Of(endWithInput),
        });
    }
}
