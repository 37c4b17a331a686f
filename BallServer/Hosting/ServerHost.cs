using BallAspire.ServiceDefaults;
using BallServer.Options;
using BallServer.Peers;
using BallServer.Streaming;
using BallServer.Web;

namespace BallServer.Hosting;

/// <summary>The web host around the stream: health, telemetry, log.</summary>
internal static class ServerHost
{
    public static WebApplication Build(ServerOptions options, BallStream stream, PeerRoster peers, ILoggerProvider? log)
    {
        var builder = ProcessHost.CreateBuilder(options.Verbose);
        // Ports, where it is told any, are among the addresses already.
        builder.WebHost.UseUrls(options.Urls.Split(';')).UseSetting(WebHostDefaults.HttpPortsKey, "");
        // The live table has the terminal to itself.
        if (log is not null)
            builder.Logging.ClearProviders().AddProvider(log);
        builder.AddServiceDefaults();
        builder.Services.AddSingleton(stream);
        builder.Services.AddSingleton(peers);
        builder.Services.AddHealthChecks().AddCheck<StreamHealth>("stream");
        builder.AddWebPages(options);
        var app = builder.Build();
        app.MapDefaultEndpoints();
        app.MapWebPages();
        return app;
    }
}
