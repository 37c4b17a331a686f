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
    private readonly QuicListenerOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly MicroClock _clock;
    private readonly UdpDriver _driver;
    private readonly ServerEndpoint _endpoint;
    private readonly ConcurrentDictionary<QuicConnection, byte> _connections = new();
    private readonly Channel<QuicConnection> _accepted = Channel.CreateUnbounded<QuicConnection>();
    private readonly HashSet<QuicConnection> _touched = [];
    private readonly byte[] _answer = new byte[ServerEndpoint.MaxAnswer];
    private GnuTlsContext _tls;
    private bool _disposed;

    private QuicListener(QuicListenerOptions options, TimeProvider time, ILogger logger)
    {
        _options = options;
        _time = time;
        _logger = logger;
        _clock = new MicroClock(time);
        _tls = GnuTlsContext.ForServer(options.Certificate, options.Protocol);
        _endpoint = new ServerEndpoint(ToEndpoint(options), () => Volatile.Read(ref _tls).CreateHandshake());
        _driver = new UdpDriver(options.Listen);
    }

    /// <summary>Whether this machine has what the built-in QUIC needs.</summary>
    public static bool IsSupported => GnuTls.IsSupported;

    /// <summary>What to do where it has not.</summary>
    public static string Missing => GnuTls.Missing;

    /// <summary>Where it listens.</summary>
    public IPEndPoint LocalEndPoint => _driver.LocalEndPoint;

    /// <summary>Connections that are not over.</summary>
    public int ConnectionCount => _endpoint.ConnectionCount;

    /// <summary>Starts to listen.</summary>
    public static QuicListener Start(QuicListenerOptions options, TimeProvider? time = null, ILogger? logger = null)
    {
        if (!IsSupported)
            throw new QuicException(Missing);
        var listener = new QuicListener(options, time ?? TimeProvider.System, logger ?? NullLogger.Instance);
        listener._driver.Start(listener);
        return listener;
    }

    /// <summary>Waits for the next connection that has finished its handshake.</summary>
    public async ValueTask<QuicConnection> AcceptAsync(CancellationToken cancellation = default)
    {
        try
        {
            return await _accepted.Reader.ReadAsync(cancellation).ConfigureAwait(false);
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
        Volatile.Write(ref _tls, GnuTlsContext.ForServer(certificate, _options.Protocol));
    }

    /// <summary>Closes all connections and the port.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, true))
            return;
        _accepted.Writer.TryComplete();
        foreach (var connection in _connections.Keys)
            await connection.DisposeAsync().ConfigureAwait(false);
        _driver.Dispose();
        foreach (var connection in _connections.Keys)
            connection.Abandon();
        _endpoint.Dispose();
        _tls.Dispose();
    }

    void IUdpReceiver.OnDatagram(Span<byte> datagram, PeerAddress from)
    {
        QuicConnection? connection = null;
        try
        {
            var core = _endpoint.Route(datagram, from, _clock.Now, _answer, out int answerLength);
            if (core is null)
            {
                if (answerLength > 0)
                    _driver.Send(_answer.AsSpan(0, answerLength), PeerAddresses.ToSocketAddress(from, _driver.Family));
                return;
            }

            connection = core.Tag as QuicConnection ?? Adopt(core);
            connection.Receive(datagram, from);
            _touched.Add(connection);
        }
        catch (Exception exception)
        {
            // A bug, or a handshake that could not even begin; either is one connection's end and not the port's.
            _logger.LogError(exception, "A QUIC connection failed");
            connection?.GiveUp(exception);
        }
    }

    void IUdpReceiver.OnDrained()
    {
        foreach (var connection in _touched)
        {
            lock (connection.Gate)
                connection.Pump();
        }

        _touched.Clear();
    }

    private QuicConnection Adopt(Connection core)
    {
        var connection = new QuicConnection(core, _driver, _clock, _time, OnOver);
        _connections[connection] = 0;
        _ = connection.Established.ContinueWith(
            established =>
            {
                if (established.IsCompletedSuccessfully && !_accepted.Writer.TryWrite(connection))
                    connection.Close(0);
            },
            CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        return connection;
    }

    private void OnOver(QuicConnection connection)
    {
        if (!_connections.TryRemove(connection, out _))
            return;
        _endpoint.Forget();
        _logger.LogDebug("The connection of {Remote} ended: {Why} ({Statistics})",
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
