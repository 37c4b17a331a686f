using System.Net;
using System.Net.Sockets;
using Ball.WebTransport;
using BallServer.Options;
using BallServer.Web.Access;

namespace BallServer.Web.Sessions;

/// <summary>
/// Offers the page's sessions over WebTransport, on a UDP port of its own. Where that cannot be, the page hears why, and takes
/// the WebSocket.
/// </summary>
internal sealed partial class WebTransportEndpoint(
    ServerOptions options, HostPolicy hosts, OriginPolicy origins, Tickets tickets, WebSessions sessions,
    ILogger<WebTransportEndpoint> log)
    : BackgroundService
{
    private const string SessionPath = "/session?ticket=";
    private static readonly TimeSpan s_streamTime = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_startTime = TimeSpan.FromSeconds(5);

    private readonly bool _isLocal = Words.Of(options.Urls, ';')
        .All(url => Uri.TryCreate(url, UriKind.Absolute, out var uri) && HostPolicy.IsLocal(uri.Host));

    private WebTransportServer? _server;
    private string _missing = "this server does not offer WebTransport";

    /// <summary>Where a page that asked for us by this host finds WebTransport.</summary>
    public WebTransportOffer OfferTo(HttpRequest request) => _server is { } server
        ? new WebTransportOffer
        {
            Url = $"https://{HostFor(request.Host)}:{server.LocalEndPoint.Port}{SessionPath}{tickets.Issue()}",
            Hashes = [.. server.CertificateHashes.Select(Convert.ToBase64String)],
            Quic = server.QuicName,
        }
        : new WebTransportOffer { Missing = _missing };

    /// <summary>
    /// Where the page's security policy must let it connect to: any port, since the page may outlive this server, and the next
    /// one has another.
    /// </summary>
    public string OriginFor(HostString host) => $"https://{HostFor(host)}:*";

    private string HostFor(HostString host) => _isLocal ? "127.0.0.1" : host.Host;

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            patience.CancelAfter(s_startTime);
            _server = await WebTransportServer.StartAsync(
                new WebTransportServerOptions
                {
                    Listen = new IPEndPoint(ListenOn(_isLocal), options.WebTransportPort),
                    Quic = options.Quic,
                    Admit = Admit,
                    MaxSessions = WebSessions.Most,
                },
                log, cancellation: patience.Token);
            LogListening(_server.LocalEndPoint, _server.QuicName);
        }
        catch (Exception e) when (e is WebTransportException or SocketException or IOException or DllNotFoundException)
        {
            _missing = e is WebTransportException ? e.Message : $"this server cannot listen for QUIC: {e.Message}";
            LogMissing(_missing);
        }
        await base.StartAsync(cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await sessions.StopAsync();
        if (_server is { } server)
            await server.DisposeAsync();
        await base.StopAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (_server is null)
            return;
        var running = new List<Task>();
        try
        {
            while (await _server.AcceptSessionAsync(stoppingToken) is { } session)
            {
                running.RemoveAll(task => task.IsCompleted);
                running.Add(ServeAsync(session, stoppingToken));
            }
        }
        catch (OperationCanceledException)
        {
            // The server stops.
        }
        await Task.WhenAll(running);
    }

    private async Task ServeAsync(WebTransportSession session, CancellationToken cancel)
    {
        try
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            patience.CancelAfter(s_streamTime);
            if (await session.AcceptStreamAsync(patience.Token) is { } stream)
            {
                var lines = new WebTransportLines(session, stream);
                await sessions.ServePageAsync(lines, session.Remote.Address);
            }
        }
        catch (OperationCanceledException)
        {
            // A page that opens no stream has nothing to say.
        }
        catch (Exception e)
        {
            LogFailed(e);
        }
        finally
        {
            await session.CloseAsync((uint)LineClose.Done.Code, LineClose.Done.Why);
        }
    }

    private int Admit(WebTransportRequest request)
    {
        if (!request.Path.StartsWith(SessionPath, StringComparison.Ordinal))
            return StatusCodes.Status404NotFound;
        var isAllowed = tickets.Accepts(request.Path[SessionPath.Length..])
            && (request.Origin is null || origins.Allows(request.Origin, hosts));
        return isAllowed ? StatusCodes.Status200OK : StatusCodes.Status403Forbidden;
    }

    private static IPAddress ListenOn(bool local) =>
        local ? IPAddress.Loopback : Socket.OSSupportsIPv6 ? IPAddress.IPv6Any : IPAddress.Any;

    [LoggerMessage(LogLevel.Information, "WebTransport on {Address} (QUIC: {Quic})")]
    private partial void LogListening(IPEndPoint address, string quic);

    [LoggerMessage(LogLevel.Warning, "No WebTransport, pages use WebSockets: {Why}")]
    private partial void LogMissing(string why);

    [LoggerMessage(LogLevel.Error, "A WebTransport session failed")]
    private partial void LogFailed(Exception error);
}
