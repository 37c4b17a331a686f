using System.Net;
using System.Net.Quic;
using System.Net.Security;
using System.Runtime.CompilerServices;
using System.Runtime.Versioning;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace Ball.WebTransport.Transport;

/// <summary>The seam over System.Net.Quic, where libmsquic is there. It has no datagrams.</summary>
[SupportedOSPlatform("linux"), SupportedOSPlatform("macos"), SupportedOSPlatform("windows")]
sealed class MsQuicListener : ITransportListener
{
    private readonly QuicListener _listener;
    private readonly StrongBox<X509Certificate2> _certificate;

    private MsQuicListener(QuicListener listener, StrongBox<X509Certificate2> certificate)
    {
        _listener = listener;
        _certificate = certificate;
    }

    public static bool IsSupported => QuicListener.IsSupported;

    public IPEndPoint LocalEndPoint => _listener.LocalEndPoint;

    public string Name => "MsQuic";

    public static async Task<MsQuicListener> StartAsync(
        WebTransportServerOptions options, X509Certificate2 certificate, CancellationToken cancellation)
    {
        var current = new StrongBox<X509Certificate2>(certificate);
        var listener = await QuicListener.ListenAsync(
            new QuicListenerOptions
            {
                ListenEndPoint = options.Listen,
                ApplicationProtocols = [SslApplicationProtocol.Http3],
                ListenBacklog = options.MaxSessions,
                ConnectionOptionsCallback = (_, _, _) => ValueTask.FromResult(new QuicServerConnectionOptions
                {
                    DefaultCloseErrorCode = Http3.Http3Code.NoError,
                    DefaultStreamErrorCode = Http3.Http3Code.RequestCancelled,
                    IdleTimeout = options.IdleTimeout,
                    KeepAliveInterval = options.KeepAlive,
                    MaxInboundBidirectionalStreams = options.MaxStreams,
                    MaxInboundUnidirectionalStreams = options.MaxStreams,
                    ServerAuthenticationOptions = new SslServerAuthenticationOptions
                    {
                        ApplicationProtocols = [SslApplicationProtocol.Http3],
                        ServerCertificate = Volatile.Read(ref current.Value!)
                    }
                })
            },
            cancellation).ConfigureAwait(false);
        return new MsQuicListener(listener, current);
    }

    public async ValueTask<ITransportConnection> AcceptAsync(CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                return new MsQuicConnection(await _listener.AcceptConnectionAsync(cancellation).ConfigureAwait(false));
            }
            catch (Exception exception) when (exception is QuicException or AuthenticationException)
            {
                // One client's failed handshake is no reason to stop listening.
            }
        }
    }

    public void UseCertificate(X509Certificate2 newer) => Volatile.Write(ref _certificate.Value!, newer);

    public ValueTask DisposeAsync() => _listener.DisposeAsync();
}
