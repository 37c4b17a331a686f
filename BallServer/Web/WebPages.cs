using BallServer.Options;
using BallServer.Peers;
using BallServer.Streaming;
using BallServer.Web.Access;
using BallServer.Web.Api;
using BallServer.Web.Sessions;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace BallServer.Web;

/// <summary>Everything the server has for browsers: the page, its sessions, WHEP, state and settings.</summary>
internal static partial class WebPages
{
    private const int MaxBody = 128 * 1024;

    public static void AddWebPages(this WebApplicationBuilder builder, ServerOptions options)
    {
        builder.Services.AddRates();
        builder.Services.AddSingleton(new HostPolicy(options.Hosts, options.Urls));
        builder.Services.AddSingleton(new OriginPolicy(options.Origins));
        builder.Services.AddSingleton(services => new ControlPolicy(options.Token, services.GetRequiredService<OriginPolicy>()));
        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<Tickets>();
        builder.Services.AddSingleton<WebSessions>();
        builder.Services.AddSingleton<WebTransportEndpoint>();
        builder.Services.AddHostedService(services => services.GetRequiredService<WebTransportEndpoint>());
        builder.Services.AddSingleton<WhepEndpoints>();
        builder.Services.AddSingleton<StateSource>();
        builder.Services.Configure<KestrelServerOptions>(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = MaxBody;
            kestrel.Limits.MaxConcurrentConnections = 512;
        });
    }

    public static void MapWebPages(this WebApplication app)
    {
        var services = app.Services;
        app.Lifetime.ApplicationStarted.Register(() => LogPage(app.Logger, string.Join(", ", app.Urls)));
        var sessions = services.GetRequiredService<WebSessions>();
        var control = services.GetRequiredService<ControlPolicy>();
        var webTransport = services.GetRequiredService<WebTransportEndpoint>();
        app.UseAccess(services.GetRequiredService<HostPolicy>(), webTransport.OriginFor);
        app.UseRateLimiter();
        app.UseWebSockets(new WebSocketOptions
        {
            KeepAliveInterval = TimeSpan.FromSeconds(10), KeepAliveTimeout = TimeSpan.FromSeconds(10),
        });
        app.UseDefaultFiles();
        app.UseStaticFiles();
        app.MapSession(sessions, services.GetRequiredService<OriginPolicy>());
        services.GetRequiredService<WhepEndpoints>().Map(app);
        app.MapState(services.GetRequiredService<StateSource>(), control, sessions, webTransport.OfferTo);
        app.MapSettings(services.GetRequiredService<BallStream>(), control, app.Logger);
    }

    [LoggerMessage(LogLevel.Information, "The page is at {Addresses}")]
    private static partial void LogPage(ILogger log, string addresses);
}
