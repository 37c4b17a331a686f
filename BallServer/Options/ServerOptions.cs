using System.Net;
using Ball.CommandLine;
using Ball.Link.Peers;
using Ball.Link.RawFrames;
using Ball.Media;
using Ball.Pictures;
using Ball.WebTransport;
using Microsoft.Extensions.Configuration;

namespace BallServer.Options;

/// <summary>Everything a person can tell the server.</summary>
internal sealed record ServerOptions
{
    public PeerRole Role { get; init; } = PeerRole.Offer;

    public PictureSize Size { get; init; } = new(640, 480);

    public double Fps { get; init; } = 30;

    /// <summary>In bits a second.</summary>
    public int Bitrate { get; init; } = 1_500_000;

    public FrameCarrier Frames { get; init; } = FrameCarrier.Video;

    public RawPixels Pixels { get; init; } = RawPixels.Bgr;

    public BounceKind Bounce { get; init; } = BounceKind.Fixed;

    public int Seed { get; init; } = 1;

    public string SignalingHost { get; init; } = "127.0.0.1";

    public int SignalingPort { get; init; } = 8080;

    /// <summary>As the answerer: how long to look for the offerer.</summary>
    public TimeSpan Wait { get; init; } = TimeSpan.FromSeconds(30);

    public string Urls { get; init; } = "http://localhost:5080";

    /// <summary>The UDP port of WebTransport; 0 for any.</summary>
    public int WebTransportPort { get; init; }

    /// <summary>The UDP port of all peers' media; 0 for any, of each peer its own.</summary>
    public int MediaPort { get; init; }

    /// <summary>Where peers elsewhere reach the media port; null for where it is, port 0 for the same one.</summary>
    public IPEndPoint? Advertise { get; init; }

    /// <summary>Whose QUIC carries WebTransport.</summary>
    public QuicChoice Quic { get; init; } = QuicChoice.Auto;

    /// <summary>Who knows it may change the stream through the page from anywhere; null: only this machine may.</summary>
    public string? Token { get; init; }

    /// <summary>Names with dots under which the page may be asked for, besides bare addresses; with commas between.</summary>
    public string? Hosts { get; init; }

    /// <summary>Pages of others that may open sessions, such as `https://player.example`; with commas between.</summary>
    public string? Origins { get; init; }

    public bool NoGraphics { get; init; }

    public bool Verbose { get; init; }

    /// <summary>How long to run; null for until somebody ends it.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>Where the summary goes, or null.</summary>
    public string? Json { get; init; }

    /// <summary>The pixels of raw frames, as pictures have them.</summary>
    public PixelFormat RawFormat => FormatOf(Pixels);

    /// <summary>How to talk to a peer.</summary>
    public PeerOptions ForPeer(PeerRole role) => new()
    {
        Role = role,
        BindPort = MediaPort,
        Advertised = Advertise is { Port: 0 } address ? new IPEndPoint(address.Address, MediaPort) : Advertise,
    };

    /// <summary>Reads the command line, and the configuration where that is silent.</summary>
    public static Parsed<ServerOptions> Parse(IReadOnlyList<string> args, IConfiguration? configuration = null)
    {
        var defaults = new ServerOptions();
        // What ASP.NET Core itself is told about addresses counts here too.
        if (configuration?["urls"] is { Length: > 0 } urls)
            defaults = defaults with { Urls = urls };
        else if (configuration?["http_ports"] is { Length: > 0 } ports)
            defaults = defaults with { Urls = string.Join(';', ports.Split(';').Select(port => $"http://*:{port}")) };
        var settings = new Settings("BallServer",
            "Paints a ball, streams it over WebRTC, and scores the coordinates that come back. Every option is also "
            + "configuration: --signaling-port is Ball__SignalingPort in the environment.");
        var role = settings.AddWord("role", "offer (listen for clients; default) or answer (connect to one)",
            Parsers.OneOf<PeerRole>, defaults.Role);
        var size = settings.Add("--size", "WxH", "size of the picture (640x480)", Parsers.Size, defaults.Size);
        var fps = settings.Add("--fps", "N", "frames a second (30)", Parsers.Number(1, 240), defaults.Fps);
        var bitrate = settings.Add("--bitrate", "BITS", "bits a second, as 1500k or 1.5M (1500k)",
            Parsers.Bitrate, defaults.Bitrate);
        var frames = settings.Add("--frames", "video|datachannel", "H.264 video, or raw frames on a data channel (video)",
            Parsers.OneOf<FrameCarrier>, defaults.Frames);
        var pixels = settings.Add("--pixels", "gray|bgr", "pixels of raw frames (bgr)",
            Parsers.OneOf<RawPixels>, defaults.Pixels);
        var bounce = settings.Add("--bounce", "fixed|random", "what the ball does at a wall (fixed)",
            Parsers.OneOf<BounceKind>, defaults.Bounce);
        var seed = settings.Add("--seed", "N", "decides the ball's path (1)", Parsers.Whole, defaults.Seed);
        var host = settings.Add("--signaling-host", "HOST", "where to listen, or whom to connect to (127.0.0.1)",
            Parsers.Text, defaults.SignalingHost);
        var port = settings.Add("--signaling-port", "PORT", "the port for that (8080)", Parsers.Port, defaults.SignalingPort);
        var wait = settings.Add("--wait", "SECONDS", "as the answerer: how long to look for the client, or 'forever' (30)",
            Parsers.Patience, defaults.Wait);
        var web = settings.Add("--urls", "URLS", "where the pages are (http://localhost:5080)", Parsers.Text, defaults.Urls);
        var webTransport = settings.Add("--web-transport-port", "PORT",
            "UDP port for pages that connect by WebTransport, or 0 for any (0)", Parsers.Port, defaults.WebTransportPort);
        var mediaPort = settings.Add("--media-port", "PORT", "UDP port for the media of all peers, or 0 for any (0)",
            Parsers.Port, defaults.MediaPort);
        var advertise = settings.Add<IPEndPoint?>("--advertise", "ADDRESS[:PORT]",
            "where peers elsewhere reach the media port, as behind a container's published port", Parsers.EndPoint, null);
        var quic = settings.Add("--quic", "auto|builtin|msquic",
            "whose QUIC carries WebTransport: this program's own, libmsquic, or the better of those that are there (auto)",
            Parsers.OneOf<QuicChoice>, defaults.Quic);
        var token = settings.Add<string?>("--token", "TEXT",
            "who knows it may change the stream through the page from anywhere; without one only this machine may",
            Parsers.OptionalText, null);
        var hosts = settings.Add<string?>("--hosts", "NAMES",
            "names with dots under which the page may be asked for, with commas between; localhost, other names without a dot "
            + "and bare addresses need not be named", WebParsers.Hosts, null);
        var origins = settings.Add<string?>("--origins", "ORIGINS",
            "pages of others that may open sessions, as https://player.example, with commas between", WebParsers.Origins, null);
        var noGraphics = settings.AddFlag("--no-graphics", "open no window");
        var verbose = settings.AddFlag("--verbose", "say more");
        var seconds = settings.Add<TimeSpan?>("--seconds", "N", "end after so long", Parsers.Seconds, null);
        var json = settings.Add<string?>("--json", "FILE", "write the summary there", Parsers.OptionalText, null);
        return settings.Parse(args, configuration, values =>
        {
            var (asked, carrier) = (values.Of(size), values.Of(frames));
            if (carrier == FrameCarrier.Video && H264Encoder.ProblemWith(asked.Width, asked.Height) is { } problem)
                throw new UsageException($"{problem} Choose another --size, or --frames datachannel.");
            if (carrier == FrameCarrier.DataChannel && ProblemOfRaw(asked, values.Of(pixels)) is { } tooLarge)
                throw new UsageException($"{tooLarge} Choose another --size, or --pixels gray.");
            if (values.Of(advertise) is not null && values.Of(mediaPort) == 0)
                throw new UsageException(
                    "--advertise needs a --media-port: a port that may be any cannot be found from elsewhere.");
            if (values.Of(quic) is var choice and not QuicChoice.Auto
                && !WebTransportServer.IsSupported(choice, out string missing))
                throw new UsageException($"--quic {choice.ToString().ToLowerInvariant()} is not possible here: {missing}");
            return new ServerOptions
            {
                Role = values.Of(role),
                Size = values.Of(size),
                Fps = values.Of(fps),
                Bitrate = values.Of(bitrate),
                Frames = values.Of(frames),
                Pixels = values.Of(pixels),
                Bounce = values.Of(bounce),
                Seed = values.Of(seed),
                SignalingHost = values.Of(host),
                SignalingPort = values.Of(port),
                Wait = values.Of(wait),
                Urls = values.Of(web),
                WebTransportPort = values.Of(webTransport),
                MediaPort = values.Of(mediaPort),
                Advertise = values.Of(advertise),
                Quic = values.Of(quic),
                Token = values.Of(token),
                Hosts = values.Of(hosts),
                Origins = values.Of(origins),
                NoGraphics = values.Of(noGraphics),
                Verbose = values.Of(verbose),
                Duration = values.Of(seconds),
                Json = values.Of(json),
            };
        });
    }

    private static string? ProblemOfRaw(PictureSize size, RawPixels pixels)
    {
        var bytes = PictureLayout.Packed(size.Width, size.Height, FormatOf(pixels)).ByteCount;
        return bytes <= RawFrameAssembler.LargestFrame
            ? null
            : $"A raw frame of {size} takes {bytes >> 20} MiB, and clients take {RawFrameAssembler.LargestFrame >> 20} at most.";
    }

    private static PixelFormat FormatOf(RawPixels pixels) => pixels == RawPixels.Gray ? PixelFormat.Gray8 : PixelFormat.Bgr24;
}
