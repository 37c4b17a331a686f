using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace BallAspire.ServiceDefaults.Tests;

/// <summary>Takes telemetry over OTLP/HTTP and keeps it as text to look into.</summary>
internal sealed class OtlpReceiver : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, string> _received = new();
    private readonly SemaphoreSlim _arrived = new(0);

    private OtlpReceiver(WebApplication app) => _app = app;

    public string Url => _app.Urls.First();

    public static async Task<OtlpReceiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var receiver = new OtlpReceiver(builder.Build());
        receiver._app.MapPost("/v1/{signal}", receiver.TakeAsync);
        await receiver._app.StartAsync();
        return receiver;
    }

    /// <summary>Waits until something with that text came in for that signal.</summary>
    public async Task<string> WaitForAsync(string signal, string text)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            if (_received.TryGetValue(signal, out var all) && all.Contains(text))
                return all;
            await _arrived.WaitAsync(limit.Token);
        }
    }

    private async Task<IResult> TakeAsync(string signal, HttpRequest request)
    {
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body);
        var key = request.Headers["x-otlp-api-key"].ToString();
        var text = $"key={key} {Encoding.Latin1.GetString(body.ToArray())}";
        _received.AddOrUpdate(signal, text, (_, before) => before + text);
        _arrived.Release();
        return Results.Ok();
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _arrived.Dispose();
    }
}
