using System.CommandLine;
using Ball.Handoff;
using Ball.Vision;

namespace BallDetector;

/// <summary>The edge: options from the command line, then from the environment, then from appsettings.json, then by
/// default.</summary>
internal static class CommandLine
{
    private static readonly string[] s_finders = [BallFinders.Hough, BallFinders.Centroid];

    /// <returns>The options; or null, when the command line has been answered (help, version, an error) with an exit
    /// code.</returns>
    public static DetectorOptions? Read(string[] args, TextWriter errors, out int exitCode)
    {
        var pipe = new Option<string?>("--pipe")
        {
            Description = $"Where the client serves frames: an absolute path. Also Ball__Pipe. [default: "
                + $"{HandoffPaths.DefaultPipe}]",
            HelpName = "PATH",
        };
        var slot = new Option<string?>("--slot")
        {
            Description = $"Where to publish coordinates: an absolute path. Also Ball__Slot. [default: "
                + $"{HandoffPaths.DefaultSlot}]",
            HelpName = "PATH",
        };
        var finder = new Option<string?>("--finder")
        {
            Description = "hough: OpenCV's Hough gradient; centroid: the ball's colour, much faster. Also Ball__Finder. "
                + "[default: hough]",
            HelpName = "hough|centroid",
        };
        var verbose = new Option<bool>("--verbose")
        {
            Description =
            "Also say what the web host underneath does. Also Ball__Verbose."
        };
        var root = new RootCommand(
            "Reads frames from a pipe, finds the ball in each, and publishes its coordinates in shared memory.")
        {
            pipe, slot, finder, verbose,
        };
        DetectorOptions? options = null;
        root.SetAction(parsed =>
        {
            var configured = Configured();
            options = new DetectorOptions(
                parsed.GetValue(pipe) ?? configured["Pipe"] ?? HandoffPaths.DefaultPipe,
                parsed.GetValue(slot) ?? configured["Slot"] ?? HandoffPaths.DefaultSlot,
                parsed.GetValue(finder) ?? configured["Finder"] ?? s_finders[0],
                parsed.GetValue(verbose) || configured.GetValue("Verbose", false));
        });

        var result = root.Parse(args);
        if (result.Errors is [var error, ..])
            return Refuse($"{error.Message} See BallDetector --help.", out exitCode);
        try
        {
            exitCode = result.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
        }
        catch (InvalidOperationException e)
        {
            return Refuse(e.Message, out exitCode);
        }
        if (options is not null && !s_finders.Contains(options.Finder))
            return Refuse($"There is no finder \"{options.Finder}\": choose {string.Join(" or ", s_finders)}.", out exitCode);
        return options;

        DetectorOptions? Refuse(string why, out int code)
        {
            errors.WriteLine($"BallDetector: {why}");
            code = ExitCode.BadSetUp;
            return null;
        }
    }

    private static IConfigurationSection Configured() => new ConfigurationBuilder()
        .SetBasePath(AppContext.BaseDirectory)
        .AddJsonFile("appsettings.json", optional: true)
        .AddEnvironmentVariables()
        .Build()
        .GetSection("Ball");
}
