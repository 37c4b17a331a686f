using Ball.CommandLine;
using Ball.Link.Messages;
using Ball.Link.Peers;
using Microsoft.Extensions.Configuration;

namespace BallClient.Options;

/// <summary>Everything a person can tell the client.</summary>
internal sealed record ClientOptions
{
    public PeerRole Role { get; init; } = PeerRole.Answer;

    public string SignalingHost { get; init; } = "127.0.0.1";

    public int SignalingPort { get; init; } = 8080;

    public FinderKind Finder { get; init; } = FinderKind.Hough;

    public DisplayKind Display { get; init; } = DisplayKind.Window;

    /// <summary>Whether somebody said that there be a window; else there is one where it can be.</summary>
    public bool AsksForWindow { get; init; }

    public DetectorSource Detector { get; init; } = DetectorSource.Spawn;

    /// <summary>The frame pipe; null for a path of our own, which only a detector that we start can know.</summary>
    public string? Pipe { get; init; }

    /// <summary>The coordinate slot; null as for the pipe.</summary>
    public string? Slot { get; init; }

    /// <summary>How coordinates are written.</summary>
    public MessageTemplate Message { get; init; } = MessageTemplate.Json;

    /// <summary>As the answerer: how long to look for the offerer.</summary>
    public TimeSpan Wait { get; init; } = TimeSpan.FromSeconds(30);

    public bool NoGraphics { get; init; }

    public bool Verbose { get; init; }

    /// <summary>How long to run; null for until somebody ends it.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>Where the summary goes, or null.</summary>
    public string? Json { get; init; }

    /// <summary>Whether the picture is shown in a window.</summary>
    public bool ShowsWindow => Display == DisplayKind.Window && !NoGraphics;

    /// <summary>Reads the command line, and the configuration where that is silent.</summary>
    public static Parsed<ClientOptions> Parse(IReadOnlyList<string> args, IConfiguration? configuration = null)
    {
        var defaults = new ClientOptions();
        var settings = new Settings("BallClient",
            "Receives a ball's picture over WebRTC, has a detector find it, and sends the coordinates back. Every option is also "
            + "configuration: --signaling-port is Ball__SignalingPort in the environment.");
        var role = settings.AddWord("role", "answer (connect to the server; default) or offer (listen for it)",
            Parsers.OneOf<PeerRole>, defaults.Role);
        var host = settings.Add("--signaling-host", "HOST", "whom to connect to, or where to listen (127.0.0.1)",
            Parsers.Text, defaults.SignalingHost);
        var port = settings.Add("--signaling-port", "PORT", "the port for that (8080)", Parsers.Port, defaults.SignalingPort);
        var finder = settings.Add("--finder", "hough|centroid|none", "how the ball is found; none only receives (hough)",
            Parsers.OneOf<FinderKind>, defaults.Finder);
        var display = settings.Add("--display", "none|window", "where the picture is shown (window)",
            Parsers.OneOf<DisplayKind>, defaults.Display);
        var detector = settings.Add("--detector", "spawn|attach", "start a detector, or wait for one (spawn)",
            Parsers.OneOf<DetectorSource>, defaults.Detector);
        var pipe = settings.Add<string?>("--pipe", "PATH", "the frame pipe", Parsers.OptionalText, null);
        var slot = settings.Add<string?>("--slot", "PATH", "the coordinate slot", Parsers.OptionalText, null);
        var message = settings.Add("--message", "json|plain|TEMPLATE",
            "how coordinates are written; a template is as 'coords {x:0},{y:0}' (json)", Template, defaults.Message);
        var wait = settings.Add("--wait", "SECONDS", "how long to look for the server, or 'forever' (30)",
            Parsers.Patience, defaults.Wait);
        var noGraphics = settings.AddFlag("--no-graphics", "open no window");
        var verbose = settings.AddFlag("--verbose", "say more");
        var seconds = settings.Add<TimeSpan?>("--seconds", "N", "end after so long", Parsers.Seconds, null);
        var json = settings.Add<string?>("--json", "FILE", "write the summary there", Parsers.OptionalText, null);
        return settings.Parse(args, configuration, values =>
        {
            bool attaches = values.Of(detector) == DetectorSource.Attach && values.Of(finder) != FinderKind.None;
            if (attaches && (values.Of(pipe) is null || values.Of(slot) is null))
                throw new UsageException("--detector attach needs --pipe and --slot, so that the detector can be found.");
            return new ClientOptions
            {
                Role = values.Of(role),
                SignalingHost = values.Of(host),
                SignalingPort = values.Of(port),
                Finder = values.Of(finder),
                Display = values.Of(display),
                AsksForWindow = values.Has(display) && values.Of(display) == DisplayKind.Window,
                Detector = values.Of(detector),
                Pipe = values.Of(pipe),
                Slot = values.Of(slot),
                Message = values.Of(message),
                Wait = values.Of(wait),
                NoGraphics = values.Of(noGraphics),
                Verbose = values.Of(verbose),
                Duration = values.Of(seconds),
                Json = values.Of(json),
            };
        });
    }

    static bool Template(string text, out MessageTemplate value, out string expected)
    {
        bool read = MessageTemplate.TryParse(text, out var template, out string? error);
        value = template ?? MessageTemplate.Json;
        expected = $"json, plain or a template ({error})";
        return read;
    }
}
