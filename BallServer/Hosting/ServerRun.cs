using System.Net;
using System.Net.Sockets;
using Ball.CommandLine;
using Ball.Link.Peers;
using Ball.Link.Signaling;
using Ball.Measuring;
using Ball.Media;
using Ball.Vision.Windows;
using Ball.World;
using BallAspire.ServiceDefaults;
using BallServer.Options;
using BallServer.Peers;
using BallServer.Streaming;
using BallServer.Telemetry;
using BallServer.Views;
using BallServer.Web.Sessions;

namespace BallServer.Hosting;

/// <summary>One run of the server, from its command line to its summary.</summary>
internal static partial class ServerRun
{
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(IReadOnlyList<string> args, Ending ending)
    {
        try
        {
            var parsed = ServerOptions.Parse(args, ProcessConfiguration.Read());
            return parsed.Options is { } options ? await RunAsync(options, ending) : parsed.Tell(Console.Out, Console.Error);
        }
        catch (Exception e) when (e is SetUpException or SignalingException or OpenH264MissingException or ArgumentException
                                      or IOException or DllNotFoundException or OpenCvSharp.OpenCvSharpException)
        {
            Complain(e.Message);
            return ExitCode.BadSetUp;
        }
    }

    private static async Task<int> RunAsync(ServerOptions options, Ending ending)
    {
        SummaryOutput.Check(options.Json);
        CheckFree(options.MediaPort);
        using var stream = new BallStream(SettingsOf(options), options.RawFormat);
        using var telemetry = new ServerTelemetry();
        var peers = new PeerRoster(stream, telemetry);
        telemetry.Observe(peers);
        stream.FrameMade += telemetry.Made;

        using var log = IsLive ? new LogTail(options.Verbose ? 12 : 4, TimeProvider.System) : null;
        var app = ServerHost.Build(options, stream, peers, log);
        var invitation = new Invitation(options, peers, app.Services.GetRequiredService<ILoggerFactory>());
        if (await app.BeginAsync(ending.Token))
        {
            if (options.Duration is { } duration)
                ending.EndAfter(duration);
            await LiveAsync(ViewsFor(options, log, app.Logger), app, stream, peers, invitation, ending);
            await app.Services.GetRequiredService<WebSessions>().StopAsync();
        }

        var summary = ServerSummary.Of(stream, peers);
        SummaryOutput.Write("BallServer", summary, options.Json);
        await app.EndAsync();
        if (invitation.Failure is { } failure)
            Complain(failure);
        return summary.DataFlowed ? ExitCode.DataFlowed : ExitCode.NoData;
    }

    private static async Task LiveAsync(
        List<IView> views, WebApplication app, BallStream stream, PeerRoster peers, Invitation invitation, Ending ending)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ending.Token, app.Lifetime.ApplicationStopping);
        var inviting = invitation.RunAsync(stop.Token);
        stream.Start();
        var watching = ViewLoop.RunAsync(views, stream, peers, () => invitation.Where, stop.Token);
        var pacing = BitrateLoop.RunAsync(stream, peers, stop.Token);

        // Whichever ends first ends all: a signal, a closed window, a failure.
        var first = await Task.WhenAny(inviting, watching, pacing, stream.Completion);
        ending.End();
        await Task.WhenAll(inviting, watching, pacing).WaitAsync(Ending.Goodbye)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await first.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (first.IsFaulted)
            throw first.Exception.InnerException!;
    }

    /// <summary>Whether there is a terminal that a table can stay in its place on.</summary>
    private static bool IsLive =>
        !Console.IsOutputRedirected && Spectre.Console.AnsiConsole.Profile.Capabilities is { Ansi: true, Interactive: true };

    private static List<IView> ViewsFor(ServerOptions options, LogTail? log, ILogger logger)
    {
        var views = new List<IView>();
        if (log is null)
            views.Add(new LogView(Console.Out));
        else
            views.Add(new ConsoleView(Spectre.Console.AnsiConsole.Console, log));
        if (options.NoGraphics)
            return views;
        if (Display.Problem is not { } problem)
            views.Add(new WindowView());
        else if (Display.IsThere)
            LogNoWindow(logger, problem);
        else
            LogNoDisplay(logger, problem);
        return views;
    }

    /// <summary>A port that is taken is told at the start, and not to each peer.</summary>
    private static void CheckFree(int mediaPort)
    {
        if (mediaPort == 0)
            return;
        try
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            socket.Bind(new IPEndPoint(IPAddress.Any, mediaPort));
        }
        catch (SocketException e)
        {
            throw new IOException($"The media port {mediaPort} cannot be had: {e.Message}", e);
        }
    }

    private static StreamSettings SettingsOf(ServerOptions options) => new()
    {
        World = new WorldOptions
        {
            Width = options.Size.Width, Height = options.Size.Height, Seed = options.Seed,
            Bounce = options.Bounce == BounceKind.Random ? BounceMode.Random : BounceMode.Fixed,
        },
        Fps = options.Fps,
        Bitrate = options.Bitrate,
    };

    [LoggerMessage(LogLevel.Warning, "No window: {Problem}; set DISPLAY to one that can be opened, or say --no-graphics")]
    private static partial void LogNoWindow(ILogger log, string problem);

    [LoggerMessage(LogLevel.Information, "No window: {Problem}")]
    private static partial void LogNoDisplay(ILogger log, string problem);

    private static void Complain(string why) => Console.Error.WriteLine($"BallServer: {why.ReplaceLineEndings(" ")}");
}
