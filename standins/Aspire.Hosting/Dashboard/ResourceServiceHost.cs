using System.Security.Cryptography;
using System.Text;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Orchestration;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Dashboard;

/// <summary>Serves the state of the application to the Dashboard: gRPC on the loopback, for whoever has the key.</summary>
internal sealed class ResourceServiceHost(
    ResourceNotificationService notifications,
    ResourceLoggerService logs,
    ResourceCommandService commands,
    IConfiguration configuration,
    ILoggerProvider? loggers = null) : IHostedService, IAsyncDisposable
{
    private WebApplication? _app;

    /// <summary>Where it listens.</summary>
    public string Url => _app?.Urls.Single() ?? throw new InvalidOperationException("The resource service is not started.");

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var port = Uri.TryCreate(configuration[DashboardInfo.ResourceServiceUrl], UriKind.Absolute, out var url) ? url.Port : 0;
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = [] });
        builder.Configuration.Sources.Clear();
        builder.Logging.ClearProviders();
        if (loggers is not null) builder.Logging.AddProvider(loggers).SetMinimumLevel(LogLevel.Error);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;

            // The Dashboard keeps calls open on which it says nothing for a long time.
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.Limits.MinResponseDataRate = null;
            kestrel.Listen(System.Net.IPAddress.Loopback, port, listen => listen.Protocols = HttpProtocols.Http2);
        });

        _app = builder.Build();
        var calls = new ResourceServiceCalls(
            notifications, logs, commands, configuration["AppHost:DashboardApplicationName"] ?? "Aspire",
            _app.Lifetime.ApplicationStopping);
        _app.Run(async context =>
        {
            if (!HasKey(context.Request.Headers["x-resource-service-api-key"].ToString()))
                GrpcCall.Refuse(context, GrpcCall.Unauthenticated);
            else await calls.ServeAsync(context).ConfigureAwait(false);
        });
        try
        {
            await _app.StartAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (IOException e) when (e.InnerException is AddressInUseException)
        {
            throw FreePort.Taken(port, $"the Dashboard's resource service, {DashboardInfo.ResourceServiceUrl}");
        }
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_app is not { } app) return;
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        await app.StopAsync(limit.Token).ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is { } app) await app.DisposeAsync().ConfigureAwait(false);
    }

    private bool HasKey(string given) => configuration[DashboardInfo.ResourceServiceKey] is not { } key
        || CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given), Encoding.UTF8.GetBytes(key));
}
