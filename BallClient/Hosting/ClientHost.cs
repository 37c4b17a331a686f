using BallAspire.ServiceDefaults;
using BallClient.Options;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace BallClient.Hosting;

/// <summary>The web host around the client: health, telemetry, log.</summary>
internal static class ClientHost
{
    public static WebApplication Build(ClientOptions options, ClientCounts counts)
    {
        var builder = ProcessHost.CreateBuilder(options.Verbose);
        builder.UseAnyPortUnlessTold();
        builder.AddServiceDefaults();
        builder.Services.AddHealthChecks().AddCheck("client", () => HealthCheckResult.Healthy(counts.State));
        var app = builder.Build();
        app.MapDefaultEndpoints();
        return app;
    }
}
