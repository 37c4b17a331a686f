using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.FileProviders;

namespace Page.Tests;

/// <summary>Somebody else's site, with a player on it.</summary>
internal sealed class PlayerSite(WebApplication app) : IAsyncDisposable
{
    public string Origin => app.Urls.Single();

    public static async Task<PlayerSite> StartAsync(string folder)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.UseStaticFiles(new StaticFileOptions { FileProvider = new PhysicalFileProvider(folder) });
        await app.StartAsync();
        return new PlayerSite(app);
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();
}
