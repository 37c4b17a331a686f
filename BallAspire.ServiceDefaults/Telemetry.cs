using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace BallAspire.ServiceDefaults;

/// <summary>Logs, metrics and traces over OTLP, to wherever <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> points.</summary>
internal static class Telemetry
{
    /// <summary>.NET measures itself: no instrumentation packages, only names.</summary>
    private static readonly string[] s_meters =
    [
        "Ball",
        "System.Runtime",
        "System.Net.Http",
        "Microsoft.AspNetCore.Hosting",
        "Microsoft.AspNetCore.Server.Kestrel",
    ];

    private static readonly string[] s_sources = ["Ball", RequestSpans.Source, "System.Net.Http"];

    public static void AddTelemetry(this IHostApplicationBuilder builder)
    {
        // ASP.NET Core itself puts OpenTelemetry's attributes on its spans.
        AppContext.SetSwitch("Microsoft.AspNetCore.Hosting.SuppressActivityOpenTelemetryData", false);

        builder.Services.AddHostedService<StackAnnouncement>();

        builder.Logging.AddOpenTelemetry(logging =>
        {
            logging.IncludeFormattedMessage = true;
            logging.IncludeScopes = true;
        });

        var telemetry = builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddAttributes([new("ball.stack", BallStack.Name)]))
            .WithMetrics(metrics => metrics.AddMeter(s_meters))
            .WithTracing(tracing => tracing.AddSource(s_sources).AddProcessor<RequestSpans>());

        if (!string.IsNullOrWhiteSpace(builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]))
            telemetry.UseOtlpExporter();
    }
}
