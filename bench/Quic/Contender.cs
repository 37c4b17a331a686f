using System.Net;
using System.Net.Security;
using System.Runtime.Versioning;
using System.Security.Cryptography;
using Ball.Quic;
using Ball.WebTransport;
using Ball.WebTransport.Transport;
using Microsoft.Extensions.Logging.Abstractions;

[assembly: SupportedOSPlatform("linux")]

namespace QuicBench;

/// <summary>A QUIC under measurement, at both ends, behind the seam that WebTransport uses.</summary>
internal sealed record Contender(
    string Name,
    Func<WebTransportServerOptions, ServerCertificate, Task<ITransportListener>> Listen,
    Func<IPEndPoint, byte[], Task<Client>> Connect)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    public static readonly Contender Ours = new("ours", ListenOurs, ConnectOurs);

    public static readonly Contender MsQuic = new("msquic", ListenMsQuic, ConnectMsQuic);

    /// <summary>Those that this machine has.</summary>
    public static IReadOnlyList<Contender> All { get; } =
        System.Net.Quic.QuicConnection.IsSupported ? [Ours, MsQuic] : [Ours];

    private static Task<ITransportListener> ListenOurs(WebTransportServerOptions options, ServerCertificate certificate) =>
        Task.FromResult<ITransportListener>(
            new BuiltInListener(options, certificate.Certificate, NullLogger.Instance, TimeProvider.System));

    private static async Task<Client> ConnectOurs(IPEndPoint server, byte[] hash)
    {
        using var patience = new CancellationTokenSource(s_patience);
        var client = await QuicClient.ConnectAsync(server, hash, cancellation: patience.Token);
        return new Client(new BuiltInConnection(client.Connection), client, () => client.Connection.Statistics);
    }

    private static async Task<ITransportListener> ListenMsQuic(
        WebTransportServerOptions options, ServerCertificate certificate) =>
        await MsQuicListener.StartAsync(options, certificate.Certificate, CancellationToken.None);

    private static async Task<Client> ConnectMsQuic(IPEndPoint server, byte[] hash)
    {
        using var patience = new CancellationTokenSource(s_patience);
        var connection = await System.Net.Quic.QuicConnection.ConnectAsync(
            new System.Net.Quic.QuicClientConnectionOptions
            {
                RemoteEndPoint = server,
                DefaultCloseErrorCode = 0,
                DefaultStreamErrorCode = 0,
                ClientAuthenticationOptions = new SslClientAuthenticationOptions
                {
                    ApplicationProtocols = [SslApplicationProtocol.Http3],
                    TargetHost = "localhost",
                    RemoteCertificateValidationCallback = (_, certificate, _, _) =>
                        certificate is not null && SHA256.HashData(certificate.GetRawCertData()).AsSpan().SequenceEqual(hash)
                }
            },
            patience.Token);
        return new Client(new MsQuicConnection(connection), connection, null);
    }
}
