using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Threading.Channels;
using Ball.Quic.Connections;
using Ball.Quic.Driver;
using Ball.Quic.Endpoint;
using Ball.Quic.Tls;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ball.Quic;

/// <summary>Accepts QUIC connections on a UDP port.</summary>
public sealed class QuicListener : IAsyncDisposable, IUdpReceiver
{
    private readonly QuicListenerOptions options;
    private readonly TimeProvider time;
    private readonly ILogger logger;
    private readonly MicroClock clock;
    private readonly UdpDriver driver;
    private readonly ServerEndpoint endpoint;
    private readonly ConcurrentDictionary<QuicConnection, byte> connections = new();
    private readonly Channel<QuicConnection> accepted = Channel.CreateUnbounded<QuicConnection>();
    private readonly HashSet<QuicConnection> touched = [];
    private readonly byte[] answer = new byte[ServerEndpoint.MaxAnswer];
    private GnuTlsContext tls;
    private bool disposed;

    private QuicListener(QuicListenerOptions options, TimeProvider time, ILogger logger)
    {
        this.options = options;
        this.time = time;
        this.logger = logger;
        clock = new MicroClock(time);
        tls = GnuTlsContext.ForServer(options.Certificate, options.Protocol);
        endpoint = new ServerEndpoint(ToEndpoint(options), () => Volatile.Read(ref tls).CreateHandshake());
        driver = new UdpDriver(options.Listen);
    }

    /// <summary>Whether this machine has what the built-in QUIC needs.</summary>
    public static bool IsSupported => GnuTls.IsSupported;

    /// <summary>What to do where it has not.</summary>
    public static string Missing => GnuTls.Missing;

    /// <summary>Where it listens.</summary>
    public IPEndPoint LocalEndPoint => driver.LocalEndPoint;

    /// <summary>Connections that are not over.</summary>
    public int ConnectionCount => endpoint.ConnectionCount;

    /// <summary>Starts to listen.</summary>
    public static QuicListener Start(QuicListenerOptions options, TimeProvider? time = null, ILogger? logger = null)
    {
        if (!IsSupported)
            throw new QuicException(Missing);
        var listener = new QuicListener(options, time ?? TimeProvider.System, logger ?? NullLogger.Instance);
        listener.driver.Start(listener);
        return listener;
    }

    /// <summary>Waits for the next connection that has finished its handshake.</summary>
    public async ValueTask<QuicConnection> AcceptAsync(CancellationToken cancellation = default)
    {
        try
        {
            return await accepted.Reader.ReadAsync(cancellation).ConfigureAwait(false);
        }
        catch (ChannelClosedException)
        {
            throw new ObjectDisposedException(nameof(QuicListener));
        }
    }

    /// <summary>New connections get this certificate; the others keep theirs.</summary>
    public void UseCertificate(X509Certificate2 certificate)
    {
        // The old context is not disposed: handshakes on it may still begin, and its handles free themselves.
        Volatile.Write(ref tls, GnuTlsContext.ForServer(certificate, options.Protocol));
    }

    /// <summary>Closes all connections and the port.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref disposed, true))
            return;
        accepted.Writer.TryComplete();
        foreach (var connection in connections.Keys)
            await connection.DisposeAsync().ConfigureAwait(false);
        driver.Dispose();
        foreach (var connection in connections.Keys)
            connection.Abandon();
        endpoint.Dispose();
        tls.Dispose();
    }

    void IUdpReceiver.OnDatagram(Span<byte> datagram, PeerAddress from)
    {
        QuicConnection? connection = null;
        try
        {
            var core = endpoint.Route(datagram, from, clock.Now, answer, out int answerLength);
            if (core is null)
            {
                if (answerLength > 0)
                    driver.Send(answer.AsSpan(0, answerLength), PeerAddresses.ToSocketAddress(from, driver.Family));
                return;
            }

            connection = core.Tag as QuicConnection ?? Adopt(core);
            connection.Receive(datagram, from);
            touched.Add(connection);
        }
        catch (Exception exception)
        {
            // A bug, or a handshake that could not even begin; either is one connection's end and not the port's.
            logger.LogError(exception, "A QUIC connection failed");
            connection?.GiveUp(exception);
        }
    }

    void IUdpReceiver.OnDrained()
    {
        foreach (var connection in touched)
        {
            lock (connection.Gate)
                connection.Pump();
        }

        touched.Clear();
    }

    private QuicConnection Adopt(Connection core)
    {
        var connection = new QuicConnection(core, driver, clock, time, OnOver);
        connections[connection] = 0;
        _ = connection.Established.ContinueWith(
            established =>
            {
                if (established.IsCompletedSuccessfully && !accepted.Writer.TryWrite(connection))
                    connection.Close(0);
            },
            CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        return connection;
    }

    private void OnOver(QuicConnection connection)
    {
        if (!connections.TryRemove(connection, out _))
            return;
        endpoint.Forget();
        logger.LogDebug("The connection of {Remote} ended: {Why} ({Statistics})",
            connection.RemoteEndPoint, connection.Core.Error?.Message, connection.Statistics);
    }

    private static EndpointOptions ToEndpoint(QuicListenerOptions options) => new()
    {
        MaxConnections = options.MaxConnections,
        RetryFrom = options.RetryFrom,
        Connection = new ConnectionOptions
        {
            IdleTimeout = (long)options.IdleTimeout.TotalMicroseconds,
            KeepAlive = (long)options.KeepAlive.TotalMicroseconds,
            MaxBidiStreams = options.MaxBidiStreams,
            MaxUniStreams = options.MaxUniStreams,
            StreamWindow = options.StreamWindow,
            ConnectionWindow = options.ConnectionWindow,
            PacketsPerKey = options.PacketsPerKey
        }
    };
}
