using System.Net;
using System.Text;

namespace Ball.WebTransport.Tests;

/// <summary>
/// Serves one page on localhost. It has to be a real server: of a page that only seems to come from there, Chromium
/// refuses connections to the local network.
/// </summary>
sealed class PageServer : IAsyncDisposable
{
    private readonly HttpListener _listener = new();
    private readonly byte[] _page;
    private readonly Task _serving;

    public PageServer(string html)
    {
        _page = Encoding.UTF8.GetBytes(html);
        Url = $"http://localhost:{UnusedPort.Find()}/";
        _listener.Prefixes.Add(Url);
        _listener.Start();
        _serving = ServeAsync();
    }

    public string Url { get; }

    public async ValueTask DisposeAsync()
    {
        _listener.Close();
        await _serving;
    }

    private async Task ServeAsync()
    {
        while (await NextAsync() is { } context)
        {
            try
            {
                context.Response.ContentType = "text/html; charset=utf-8";
                await context.Response.OutputStream.WriteAsync(_page);
                context.Response.Close();
            }
            catch (Exception e) when (IsEnd(e) || e is IOException)
            {
                // This one went away before it had its page; others want theirs.
            }
        }
    }

    /// <summary>The next request; null when the server is closed.</summary>
    private async Task<HttpListenerContext?> NextAsync()
    {
        try
        {
            return await _listener.GetContextAsync();
        }
        catch (Exception e) when (IsEnd(e))
        {
            return null;
        }
    }

    private static bool IsEnd(Exception e) =>
        e is HttpListenerException or ObjectDisposedException or InvalidOperationException;
}
