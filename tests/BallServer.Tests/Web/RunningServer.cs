using System.Net;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using Ball.Pictures;
using BallServer.Hosting;
using BallServer.Options;
using BallServer.Peers;
using BallServer.Streaming;
using BallServer.Telemetry;
using BallServer.Web.Sessions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;

namespace BallServer.Tests.Web;

/// <summary>The server's web side with a running stream, on a port of its own.</summary>
internal sealed class RunningServer : IAsyncDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>Less than the 15 s after which a session that never connected ends by itself.</summary>
    public static readonly TimeSpan BeforeItGivesUp = TimeSpan.FromSeconds(10);

    private readonly ServerTelemetry _telemetry = new();
    private readonly WebApplication _app;

    private RunningServer(BallStream stream, PeerRoster peers, WebApplication app, ServerTelemetry telemetry)
    {
        (Stream, Peers, _app, _telemetry) = (stream, peers, app, telemetry);
        var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        Address = new Uri(address.Replace("127.0.0.1", "localhost"));
        Http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = Address, Timeout = Patience };
    }

    public BallStream Stream { get; }

    public PeerRoster Peers { get; }

    public Uri Address { get; }

    public HttpClient Http { get; }

    public WebSessions Sessions => _app.Services.GetRequiredService<WebSessions>();

    public static async Task<RunningServer> StartAsync(
        Func<ServerOptions, ServerOptions>? with = null, StreamSettings? settings = null)
    {
        var options = new ServerOptions { Urls = "http://127.0.0.1:0" };
        options = with?.Invoke(options) ?? options;
        var telemetry = new ServerTelemetry();
        var stream = new BallStream(settings ?? new StreamSettings(), PixelFormat.Gray8);
        var peers = new PeerRoster(stream, telemetry);
        var app = ServerHost.Build(options, stream, peers, log: null);
        await app.StartAsync();
        stream.Start();
        return new RunningServer(stream, peers, app, telemetry);
    }

    public async Task<JsonElement> StateAsync()
    {
        using var document = JsonDocument.Parse(await Http.GetStringAsync("/api/state"));
        return document.RootElement.Clone();
    }

    /// <summary>Sends a request whose host and origin may be anything.</summary>
    public async Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string path, string? body = null, string type = "application/json",
        params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(method, path);
        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8);
            request.Content.Headers.ContentType = new(type);
        }
        foreach (var (name, value) in headers)
            Assert.True(request.Headers.TryAddWithoutValidation(name, value));
        return await Http.SendAsync(request);
    }

    public async Task<ClientWebSocket> ConnectAsync(string? origin = null)
    {
        var socket = new ClientWebSocket();
        if (origin is not null)
            socket.Options.SetRequestHeader("Origin", origin);
        using var patience = new CancellationTokenSource(Patience);
        await socket.ConnectAsync(new Uri($"ws://{Address.Authority}/session"), patience.Token);
        return socket;
    }

    /// <summary>The status with which a WebSocket is refused.</summary>
    public async Task<HttpStatusCode> RefusalAsync(string origin)
    {
        using var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Origin", origin);
        socket.Options.CollectHttpResponseDetails = true;
        await Assert.ThrowsAsync<WebSocketException>(
            () => socket.ConnectAsync(new Uri($"ws://{Address.Authority}/session"), CancellationToken.None));
        return socket.HttpStatusCode;
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await Sessions.StopAsync();
        await _app.StopAsync();
        await _app.DisposeAsync();
        Stream.Dispose();
        _telemetry.Dispose();
    }
}
