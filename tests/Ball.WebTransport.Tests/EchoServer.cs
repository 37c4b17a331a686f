using System.Net;
using Microsoft.Extensions.Logging;

namespace Ball.WebTransport.Tests;

/// <summary>A server that sends everything back: streams and datagrams.</summary>
sealed class EchoServer : IAsyncDisposable
{
    private readonly List<Task> _serving = [];
    private readonly Task _accepting;
    private readonly Func<WebTransportSession, Task>? _serve;

    private EchoServer(WebTransportServer server, Func<WebTransportSession, Task>? serve)
    {
        Server = server;
        _serve = serve;
        _accepting = AcceptAllAsync();
    }

    /// <summary>
    /// Whose QUIC is tested: the one that is chosen where nobody chooses, or as BallServer is told by the same name.
    /// </summary>
    public static QuicChoice Quic { get; } =
        Enum.Parse<QuicChoice>(Environment.GetEnvironmentVariable("Ball__Quic") ?? nameof(QuicChoice.Auto), ignoreCase: true);

    public WebTransportServer Server { get; }

    public string Url(string path = "/ball") => $"https://127.0.0.1:{Server.LocalEndPoint.Port}{path}";

    public static async Task<EchoServer> StartAsync(
        WebTransportServerOptions? options = null, Func<WebTransportSession, Task>? serve = null, ILogger? log = null)
    {
        options ??= new WebTransportServerOptions { Quic = Quic };
        var server = await WebTransportServer.StartAsync(options with { Listen = new IPEndPoint(IPAddress.Loopback, 0) }, log);
        return new EchoServer(server, serve);
    }

    /// <summary>What the page's script needs to connect.</summary>
    public object[] PageArguments(string path = "/ball") =>
        [Url(path), Server.CertificateHashes.Select(Convert.ToBase64String).ToArray()];

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        await _accepting;
        await Task.WhenAll(_serving);
    }

    private async Task AcceptAllAsync()
    {
        while (await Server.AcceptSessionAsync() is { } session)
            _serving.Add(_serve is null ? EchoAsync(session) : _serve(session));
    }

    public static async Task EchoAsync(WebTransportSession session)
    {
        var datagrams = EchoDatagramsAsync(session);
        var streams = new List<Task>();
        while (await session.AcceptStreamAsync() is { } stream)
        {
            streams.RemoveAll(done => done.IsCompleted);
            streams.Add(EchoAsync(session, stream));
        }

        await Task.WhenAll(streams);
        await datagrams;
    }

    private static async Task EchoAsync(WebTransportSession session, WebTransportStream stream)
    {
        try
        {
            await using (stream)
            {
                if (stream.CanWrite)
                {
                    await stream.CopyToAsync(stream);
                    return;
                }

                await using var back = await session.OpenUnidirectionalStreamAsync();
                await stream.CopyToAsync(back);
            }
        }
        catch (WebTransportException)
        {
            // The page went away, or gave the stream up.
        }
    }

    private static async Task EchoDatagramsAsync(WebTransportSession session)
    {
        var buffer = new byte[2048];
        while (await session.ReceiveDatagramAsync(buffer) is { } length)
            session.SendDatagram(buffer.AsSpan(0, length));
    }
}
