using Ball.Handoff;
using Ball.Measuring;
using Ball.Media;
using Ball.Vision.Windows;
using BallAspire.ServiceDefaults;
using BallClient.Detection;
using BallClient.Options;
using BallClient.Pictures;
using BallClient.Sessions;
using BallClient.Telemetry;
using BallClient.Views;

namespace BallClient.Hosting;

/// <summary>One run of the client, from its command line to its summary.</summary>
internal static partial class ClientRun
{
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(IReadOnlyList<string> args, Ending ending)
    {
        try
        {
            var parsed = ClientOptions.Parse(args, ServerAddress.AddTo(ProcessConfiguration.Read()));
            return parsed.Options is { } options ? await RunAsync(options, ending) : parsed.Tell(Console.Out, Console.Error);
        }
        catch (Exception e) when (e is SetUpException or HandoffException or OpenH264MissingException or DllNotFoundException
                                      or IOException or OpenCvSharp.OpenCvSharpException
                                      or Ball.Link.Signaling.SignalingException)
        {
            Complain(e.Message);
            return ExitCode.BadSetUp;
        }
    }

    private static async Task<int> RunAsync(ClientOptions options, Ending ending)
    {
        SummaryOutput.Check(options.Json);
        using var telemetry = new ClientTelemetry();
        var counts = new ClientCounts();
        var noWindow = options.ShowsWindow ? Display.Problem : null;
        using var window = options.ShowsWindow && noWindow is null ? new ClientWindow() : null;
        using var handoff = Handoff.Open(options);
        var flow = new PictureFlow(handoff?.Pipe, window is null ? null : window.Show);

        var app = ClientHost.Build(options, counts);
        var logs = app.Services.GetRequiredService<ILoggerFactory>();
        var server = new ServerConnection(options, flow, counts, telemetry, logs);
        if (noWindow is not null && (options.AsksForWindow || Display.IsThere))
            LogNoWindow(app.Logger, noWindow);
        else if (noWindow is not null)
            LogNoDisplay(app.Logger, noWindow);

        var hasBegun = await app.BeginAsync(ending.Token);
        var started = TimeProvider.System.GetTimestamp();
        await using var detector = hasBegun && handoff is not null && options.Detector == DetectorSource.Spawn
            ? new DetectorChild(handoff.PipePath, handoff.SlotPath, options.Finder.ToString().ToLowerInvariant(),
                options.Verbose, logs.CreateLogger<DetectorChild>())
            : null;
        using var reporting = handoff is null ? null : new Reporting(handoff.Slot, server, window, counts, telemetry);
        if (hasBegun)
        {
            if (options.Duration is { } duration)
                ending.EndAfter(duration);
            await LiveAsync(server, counts, app, window, detector, ending);
        }

        var summary = counts.Summarize(TimeProvider.System.GetElapsedTime(started), server, flow, handoff);
        SummaryOutput.Write("BallClient", summary, options.Json);
        await app.EndAsync();
        if (server.Failure is { } failure)
            Complain(failure);
        return summary.DataFlowed ? ExitCode.DataFlowed : ExitCode.NoData;
    }

    [LoggerMessage(LogLevel.Warning, "No window: {Problem}; set DISPLAY to one that can be opened, or say --no-graphics")]
    private static partial void LogNoWindow(ILogger log, string problem);

    [LoggerMessage(LogLevel.Information, "No window: {Problem}")]
    private static partial void LogNoDisplay(ILogger log, string problem);

    private static void Complain(string why) => Console.Error.WriteLine($"BallClient: {why.ReplaceLineEndings(" ")}");

    private static async Task LiveAsync(
        ServerConnection server, ClientCounts counts, WebApplication app, ClientWindow? window, DetectorChild? detector,
        Ending ending)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ending.Token, app.Lifetime.ApplicationStopping);
        var connecting = server.RunAsync(stop.Token);
        var telling = StatusLines.RunAsync(counts, stop.Token);
        List<Task> all = [connecting, telling];
        if (window is not null)
            all.Add(window.Closed);
        if (detector is not null)
            all.Add(detector.Completion);

        // Whichever ends first ends all: a signal, a closed window, a failure.
        var first = await Task.WhenAny(all);
        ending.End();
        await Task.WhenAll(connecting, telling).WaitAsync(Ending.Goodbye)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (first.IsFaulted)
            throw first.Exception.InnerException!;
    }
}
