using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Ball.WebTransport.Tests;

/// <summary>
/// Serves one page on localhost. It has to be a real server: of a page that only seems to come from there, Chromium
/// refuses connections to the local network.
/// </summary>
sealed class PageServer : IAsyncDisposable
{
    private readonly HttpListener listener = new();
    private readonly byte[] page;
    private readonly Task serving;

    public PageServer(string html)
    {
        page = Encoding.UTF8.GetBytes(html);
        Url = $"http://localhost:{FreePort()}/";
        listener.Prefixes.Add(Url);
        listener.Start();
        serving = ServeAsync();
    }

    public string Url { get; }

    public async ValueTask DisposeAsync()
    {
        listener.Close();
        await serving;
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                var context = await listener.GetContextAsync();
                context.Response.ContentType = "text/html; charset=utf-8";
                await context.Response.OutputStream.WriteAsync(page);
                context.Response.Close();
            }
        }
        catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException or InvalidOperationException)
        {
            // Closed.
        }
    }

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
