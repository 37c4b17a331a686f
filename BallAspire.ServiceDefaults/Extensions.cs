using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace BallAspire.ServiceDefaults;

/// <summary>The only thing a process of the graph must call.</summary>
public static class Extensions
{
    internal const string HealthPath = "/health";
    internal const string AlivePath = "/alive";
    private const string Live = "live";

    /// <summary>Telemetry, health, service discovery and retries.</summary>
    public static TBuilder AddServiceDefaults<TBuilder>(this TBuilder builder) where TBuilder : IHostApplicationBuilder
    {
        builder.AddTelemetry();
        builder.Services.AddHealthChecks().AddCheck("self", () => HealthCheckResult.Healthy(), [Live]);
        builder.Services.AddServiceDiscovery();
        builder.Services.ConfigureHttpClientDefaults(http => http.AddRetries().AddServiceDiscovery());
        return builder;
    }

    /// <summary><c>/health</c>: every check passes, the process is ready. <c>/alive</c>: it answers at all.</summary>
    public static WebApplication MapDefaultEndpoints(this WebApplication app)
    {
        app.MapHealthChecks(HealthPath).DisableHttpMetrics();
        app.MapHealthChecks(AlivePath, new HealthCheckOptions { Predicate = check => check.Tags.Contains(Live) })
            .DisableHttpMetrics();
        return app;
    }
}
