using BallAspire.ServiceDefaults;
using BallServer.Options;
using BallServer.Peers;
using BallServer.Streaming;
using BallServer.Web;

namespace BallServer.Hosting;

/// <summary>The web host around the stream: health, telemetry, log.</summary>
internal static class ServerHost
{
    public static WebApplication Build(ServerOptions options, BallStream stream, PeerRoster peers)
    {
        var builder = ProcessHost.CreateBuilder(options.Verbose);
        builder.WebHost.UseUrls(options.Urls.Split(';'));
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
