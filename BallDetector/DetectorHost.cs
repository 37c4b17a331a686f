using BallAspire.ServiceDefaults;
using Microsoft.Extensions.Logging.Console;

namespace BallDetector;

/// <summary>The web host around a running detector: health, telemetry, log.</summary>
internal static class DetectorHost
{
    /// <summary>Health and telemetry may take this long to say goodbye, whatever they have to tell.</summary>
    private static readonly TimeSpan Goodbye = TimeSpan.FromMilliseconds(700);

    /// <summary>Returns when the process is asked to end; throws when the detector cannot work.</summary>
    public static async Task RunAsync(DetectorOptions options, Detector detector, EarlyLog log, Ending ending)
    {
        var app = Build(options, detector);
        log.PassTo(app.Logger);
        try
        {
            await app.StartAsync(ending.Token);
            app.Logger.LogInformation("Looking for the ball ({Finder}): frames from {Pipe}, coordinates to {Slot}",
                options.Finder, options.Pipe, options.Slot);
            await detector.Completion.WaitAsync(ending.Token);
        }
        catch (OperationCanceledException) when (ending.Token.IsCancellationRequested)
        {
            // This is how it ends.
        }
        finally
        {
            detector.Stop();
            await LeaveAsync(app);
        }
    }

    private static WebApplication Build(DetectorOptions options, Detector detector)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        if (!options.Verbose)
            builder.Logging.AddFilter<ConsoleLoggerProvider>("Microsoft", LogLevel.Warning);
        if (!IsAddressGiven(builder.Configuration))
            builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.AddServiceDefaults();
        builder.Services.AddSingleton(detector);
        builder.Services.AddHealthChecks().AddCheck<DetectorHealth>("detector");
        var app = builder.Build();
        app.MapDefaultEndpoints();
        return app;
    }

    /// <summary>Run alone it takes any free port, so as not to fight over the usual one.</summary>
    private static bool IsAddressGiven(ConfigurationManager configuration) =>
        configuration["URLS"] is { Length: > 0 } || configuration["HTTP_PORTS"] is { Length: > 0 }
        || configuration["HTTPS_PORTS"] is { Length: > 0 };

    private static async Task LeaveAsync(WebApplication app)
    {
        try
        {
            await app.StopAsync(new CancellationToken(canceled: true)).WaitAsync(Goodbye);
        }
        catch (Exception e) when (e is OperationCanceledException or TimeoutException)
        {
        }
        try
        {
            // An exporter whose collector is gone would wait for it.
            await Task.Run(async () => await app.DisposeAsync()).WaitAsync(Goodbye);
        }
        catch (TimeoutException)
        {
        }
    }
}
