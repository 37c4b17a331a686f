using System.Net;
using System.Security.Cryptography.X509Certificates;
using Ball.Quic;
using Microsoft.Extensions.Logging;

namespace Ball.WebTransport.Transport;

/// <summary>The seam over this repository's own QUIC.</summary>
sealed class BuiltInListener(WebTransportServerOptions options, X509Certificate2 certificate, ILogger logger, TimeProvider time)
    : ITransportListener
{
    private readonly QuicListener _listener = QuicListener.Start(
        new QuicListenerOptions
        {
            Listen = options.Listen,
            Certificate = certificate,
            MaxConnections = options.MaxSessions + options.MaxSessions / 4 + 8,
            MaxBidiStreams = options.MaxStreams,
            MaxUniStreams = options.MaxStreams,
            IdleTimeout = options.IdleTimeout,
            KeepAlive = options.KeepAlive,
            PacketsPerKey = options.PacketsPerKey
        },
        time, logger);

    public IPEndPoint LocalEndPoint => _listener.LocalEndPoint;

    public string Name => "built-in";

    public async ValueTask<ITransportConnection> AcceptAsync(CancellationToken cancellation) =>
        new BuiltInConnection(await _listener.AcceptAsync(cancellation).ConfigureAwait(false));

    public void UseCertificate(X509Certificate2 newer) => _listener.UseCertificate(newer);

    public ValueTask DisposeAsync() => _listener.DisposeAsync();
}
