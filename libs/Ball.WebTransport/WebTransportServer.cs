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
    private static readonly TimeSpan Service = TimeSpan.FromDays(6);

    private readonly WebTransportServerOptions options;
    private readonly ITransportListener listener;
    private readonly TimeProvider time;
    private readonly ILogger logger;
    private readonly CancellationTokenSource stopping = new();
    private readonly Channel<WebTransportSession> sessions = Channel.CreateUnbounded<WebTransportSession>();
    private readonly ConcurrentDictionary<Http3Connection, Task> connections = new();
    private readonly ITimer renewal;
    private ServerCertificate current;
    private ServerCertificate next;
    private Task? accepting;
    private int places;
    private bool disposed;

    private WebTransportServer(
        WebTransportServerOptions options, ITransportListener listener, ServerCertificate certificate, TimeProvider time,
        ILogger logger)
    {
        this.options = options;
        this.listener = listener;
        this.time = time;
        this.logger = logger;
        current = certificate;
        next = ServerCertificate.Create(time);
        renewal = time.CreateTimer(_ => Renew(), null, Service, Service);
    }

    /// <summary>Where it listens (UDP).</summary>
    public IPEndPoint LocalEndPoint => listener.LocalEndPoint;

    /// <summary>Whose QUIC it runs on.</summary>
    public string QuicName => listener.Name;

    /// <summary>
    /// For the page's <c>serverCertificateHashes</c> (SHA-256): today's certificate and the one that follows it.
    /// </summary>
    public IReadOnlyList<byte[]> CertificateHashes => [Volatile.Read(ref current).Hash, Volatile.Read(ref next).Hash];

    /// <summary>Sessions that are open.</summary>
    public int SessionCount => Volatile.Read(ref places);

    /// <summary>Whether this machine can serve with this choice of QUIC; if not, why.</summary>
    public static bool IsSupported(QuicChoice choice, out string why)
    {
        why = choice switch
        {
            QuicChoice.BuiltIn when !QuicListener.IsSupported => QuicListener.Missing,
            QuicChoice.MsQuic when !HasMsQuic => "libmsquic is missing, which System.Net.Quic needs. Install Microsoft's package, or choose another QUIC.",
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
        server.accepting = server.AcceptAllAsync();
        return server;
    }

    /// <summary>Waits for the next session; null when the server has stopped.</summary>
    public async ValueTask<WebTransportSession?> AcceptSessionAsync(CancellationToken cancellation = default)
    {
        while (await sessions.Reader.WaitToReadAsync(cancellation).ConfigureAwait(false))
        {
            if (sessions.Reader.TryRead(out var session))
                return session;
        }

        return null;
    }

    /// <summary>Tells all sessions that it is over, then closes the port.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref disposed, true))
            return;
        await renewal.DisposeAsync().ConfigureAwait(false);
        sessions.Writer.TryComplete();
        var farewells = connections.Keys.SelectMany(connection => connection.Sessions)
            .Select(session => session.CloseAsync(0, "the server stops").AsTask());
        await Task.WhenAll(farewells).ConfigureAwait(false);

        // Connections end by themselves after their last session.
        var ending = Task.WhenAll(connections.Values);
        await Task.WhenAny(ending, Task.Delay(options.CloseTimeout, time)).ConfigureAwait(false);
        await stopping.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(connections.Values).ConfigureAwait(false);
        await listener.DisposeAsync().ConfigureAwait(false);
        if (accepting is not null)
            await accepting.ConfigureAwait(false);
        current.Dispose();
        next.Dispose();
        stopping.Dispose();
    }

    int ISessionHost.Admit(WebTransportRequest request)
    {
        const int refusedForLoad = 503, failed = 500;
        int status;
        try
        {
            status = options.Admit(request);
        }
        catch (Exception exception)
        {
            logger.LogError(exception, "Deciding on a session for {Path} failed", request.Path);
            return failed;
        }

        if (status != 200)
            return status;
        if (Interlocked.Increment(ref places) <= options.MaxSessions)
            return status;
        Interlocked.Decrement(ref places);
        return refusedForLoad;
    }

    void ISessionHost.Release() => Interlocked.Decrement(ref places);

    void ISessionHost.Publish(WebTransportSession session) => sessions.Writer.TryWrite(session);

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
                var accepted = await listener.AcceptAsync(stopping.Token).ConfigureAwait(false);
                var connection = new Http3Connection(accepted, this, options, time, logger);
                var running = new TaskCompletionSource();
                connections[connection] = running.Task;
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
            await connection.RunAsync(stopping.Token).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            logger.LogError(exception, "A WebTransport connection failed");
        }
        finally
        {
            connections.TryRemove(connection, out _);
            running.SetResult();
        }
    }

    private void Renew()
    {
        listener.UseCertificate(next.Certificate);
        Volatile.Write(ref current, next);
        Volatile.Write(ref next, ServerCertificate.Create(time));
        logger.LogInformation("The WebTransport certificate was renewed; it ends {NotAfter:u}", current.NotAfter);
    }
}
