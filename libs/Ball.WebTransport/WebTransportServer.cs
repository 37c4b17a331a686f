using System.Collections.Concurrent;
using System.Net;
using System.Threading.Channels;
using Ball.Quic;
using Ball.WebTransport.Http3;
using Ball.WebTransport.Transport;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ball.WebTransport;

/// <summary>Serves WebTransport sessions over HTTP/3, with a certificate of its own that is renewed in time.</summary>
public sealed class WebTransportServer : IAsyncDisposable, ISessionHost
{
    /// <summary>
    /// How long a certificate serves. The next one is announced all this time before, so that also a page that was loaded
    /// long ago knows it.
    /// </summary>
    private static readonly TimeSpan s_service = TimeSpan.FromDays(6);

    private readonly WebTransportServerOptions _options;
    private readonly ITransportListener _listener;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Channel<WebTransportSession> _sessions = Channel.CreateUnbounded<WebTransportSession>();
    private readonly ConcurrentDictionary<Http3Connection, Task> _connections = new();
    private readonly ITimer _renewal;
    private ServerCertificate _current;
    private ServerCertificate _next;
    private Task? _accepting;
    private int _places;
    private bool _disposed;

    private WebTransportServer(
        WebTransportServerOptions options, ITransportListener listener, ServerCertificate certificate, TimeProvider time,
        ILogger logger)
    {
        _options = options;
        _listener = listener;
        _time = time;
        _logger = logger;
        _current = certificate;
        _next = ServerCertificate.Create(time);
        _renewal = time.CreateTimer(_ => Renew(), null, s_service, s_service);
    }

    /// <summary>Where it listens (UDP).</summary>
    public IPEndPoint LocalEndPoint => _listener.LocalEndPoint;

    /// <summary>Whose QUIC it runs on.</summary>
    public string QuicName => _listener.Name;

    /// <summary>
    /// For the page's <c>serverCertificateHashes</c> (SHA-256): today's certificate and the one that follows it.
    /// </summary>
    public IReadOnlyList<byte[]> CertificateHashes => [Volatile.Read(ref _current).Hash, Volatile.Read(ref _next).Hash];

    /// <summary>Sessions that are open.</summary>
    public int SessionCount => Volatile.Read(ref _places);

    /// <summary>Whether this machine can serve with this choice of QUIC; if not, why.</summary>
    public static bool IsSupported(QuicChoice choice, out string why)
    {
        why = choice switch
        {
            QuicChoice.BuiltIn when !QuicListener.IsSupported => QuicListener.Missing,
            QuicChoice.MsQuic when !HasMsQuic =>
                "libmsquic is missing, which System.Net.Quic needs. Install Microsoft's package, or choose another QUIC.",
            QuicChoice.Auto when !QuicListener.IsSupported && !HasMsQuic => $"no QUIC here: {QuicListener.Missing}",
            _ => ""
        };
        return why.Length == 0;
    }

    /// <summary>Starts to serve.</summary>
    public static async Task<WebTransportServer> StartAsync(
        WebTransportServerOptions options, ILogger? logger = null, TimeProvider? time = null,
        CancellationToken cancellation = default)
    {
        if (!IsSupported(options.Quic, out string why))
            throw new WebTransportException(why);
        logger ??= NullLogger.Instance;
        time ??= TimeProvider.System;
        var certificate = ServerCertificate.Create(time);
        var listener = await ListenAsync(options, certificate, logger, time, cancellation).ConfigureAwait(false);
        var server = new WebTransportServer(options, listener, certificate, time, logger);
        server._accepting = server.AcceptAllAsync();
        return server;
    }

    /// <summary>Waits for the next session; null when the server has stopped.</summary>
    public async ValueTask<WebTransportSession?> AcceptSessionAsync(CancellationToken cancellation = default)
    {
        while (await _sessions.Reader.WaitToReadAsync(cancellation).ConfigureAwait(false))
        {
            if (_sessions.Reader.TryRead(out var session))
                return session;
        }

        return null;
    }

    /// <summary>Tells all sessions that it is over, then closes the port.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, true))
            return;
        await _renewal.DisposeAsync().ConfigureAwait(false);
        _sessions.Writer.TryComplete();
        var farewells = _connections.Keys.SelectMany(connection => connection.Sessions)
            .Select(session => session.CloseAsync(0, "the server stops").AsTask());
        await Task.WhenAll(farewells).ConfigureAwait(false);

        // Connections end by themselves after their last session.
        var ending = Task.WhenAll(_connections.Values);
        await Task.WhenAny(ending, Task.Delay(_options.CloseTimeout, _time)).ConfigureAwait(false);
        await _stopping.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(_connections.Values).ConfigureAwait(false);
        await _listener.DisposeAsync().ConfigureAwait(false);
        if (_accepting is not null)
            await _accepting.ConfigureAwait(false);
        _current.Dispose();
        _next.Dispose();
        _stopping.Dispose();
    }

    int ISessionHost.Admit(WebTransportRequest request)
    {
        const int refusedForLoad = 503, failed = 500;
        int status;
        try
        {
            status = _options.Admit(request);
        }
        catch (Exception exception)
        {
            _logger.LogError(exception, "Deciding on a session for {Path} failed", request.Path);
            return failed;
        }

        if (status != 200)
            return status;
        if (Interlocked.Increment(ref _places) <= _options.MaxSessions)
            return status;
        Interlocked.Decrement(ref _places);
        return refusedForLoad;
    }

    void ISessionHost.Release() => Interlocked.Decrement(ref _places);

    void ISessionHost.Publish(WebTransportSession session) => _sessions.Writer.TryWrite(session);

    private static bool HasMsQuic =>
        (OperatingSystem.IsLinux() || OperatingSystem.IsMacOS() || OperatingSystem.IsWindows()) && MsQuicListener.IsSupported;

    private static async Task<ITransportListener> ListenAsync(
        WebTransportServerOptions options, ServerCertificate certificate, ILogger logger, TimeProvider time,
        CancellationToken cancellation)
    {
        bool builtIn = options.Quic == QuicChoice.BuiltIn || (options.Quic == QuicChoice.Auto && QuicListener.IsSupported);
        if (builtIn)
            return new BuiltInListener(options, certificate.Certificate, logger, time);
        if (OperatingSystem.IsLinux() || OperatingSystem.IsMacOS() || OperatingSystem.IsWindows())
            return await MsQuicListener.StartAsync(options, certificate.Certificate, cancellation).ConfigureAwait(false);
        throw new WebTransportException("no QUIC on this system");
    }

    private async Task AcceptAllAsync()
    {
        try
        {
            while (true)
            {
                var accepted = await _listener.AcceptAsync(_stopping.Token).ConfigureAwait(false);
                var connection = new Http3Connection(accepted, this, _options, _time, _logger);
                var running = new TaskCompletionSource();
                _connections[connection] = running.Task;
                _ = RunAsync(connection, running);
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or ObjectDisposedException)
        {
            // The server stops.
        }
    }

    private async Task RunAsync(Http3Connection connection, TaskCompletionSource running)
    {
        try
        {
            await connection.RunAsync(_stopping.Token).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            _logger.LogError(exception, "A WebTransport connection failed");
        }
        finally
        {
            _connections.TryRemove(connection, out _);
            running.SetResult();
        }
    }

    private void Renew()
    {
        _listener.UseCertificate(_next.Certificate);
        Volatile.Write(ref _current, _next);
        Volatile.Write(ref _next, ServerCertificate.Create(_time));
        _logger.LogInformation("The WebTransport certificate was renewed; it ends {NotAfter:u}", _current.NotAfter);
    }
}
