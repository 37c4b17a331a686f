using BallAspire.ServiceDefaults;

namespace BallDetector;

/// <summary>The web host around a running detector: health, telemetry, log.</summary>
internal static partial class DetectorHost
{
    /// <summary>Returns when the process is asked to end; throws when the detector cannot work.</summary>
    public static async Task RunAsync(DetectorOptions options, Detector detector, EarlyLog log, Ending ending)
    {
        var app = Build(options, detector);
        log.PassTo(app.Logger);
        try
        {
            if (!await app.BeginAsync(ending.Token))
                return;
            LogLooking(app.Logger, options.FinderName, options.Pipe, options.Slot);
            await detector.Completion.WaitAsync(ending.Token);
        }
        catch (OperationCanceledException) when (ending.Token.IsCancellationRequested)
        {
            // This is how it ends.
        }
        finally
        {
            detector.Stop();
            await app.EndAsync();
        }
    }

    private static WebApplication Build(DetectorOptions options, Detector detector)
    {
        var builder = ProcessHost.CreateBuilder(options.Verbose);
        builder.UseAnyPortUnlessTold();
        builder.AddServiceDefaults();
        builder.Services.AddSingleton(detector);
        builder.Services.AddHealthChecks().AddCheck<DetectorHealth>("detector");
        var app = builder.Build();
        app.MapDefaultEndpoints();
        return app;
    }

    [LoggerMessage(LogLevel.Information, "Looking for the ball ({Finder}): frames from {Pipe}, coordinates to {Slot}")]
    private static partial void LogLooking(ILogger log, string finder, string pipe, string slot);
}
