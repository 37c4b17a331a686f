using System.Net;
using Ball.Quic.Connections;
using Ball.Quic.Driver;
using Ball.Quic.Endpoint;
using Ball.Quic.Tls;

namespace Ball.Quic;

/// <summary>
/// The other side: a connection to a server whose certificate is known by its hash. For tests and measurements.
/// </summary>
sealed class QuicClient : IUdpReceiver, IAsyncDisposable
{
    private readonly UdpDriver _driver;
    private readonly GnuTlsContext _tls;

    private QuicClient(IPEndPoint server, byte[] certificateHash, string protocol, ConnectionOptions options, TimeProvider time)
    {
        var any = server.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any;
        _driver = new UdpDriver(new IPEndPoint(any, 0));
        _tls = GnuTlsContext.ForClient(certificateHash, protocol);
        var clock = new MicroClock(time);
        var core = Connections.Connection.Connect(
            options, _tls.CreateHandshake(), new ClientEndpoint(), PeerAddresses.From(server), clock.Now);
        Connection = new QuicConnection(core, _driver, clock, time, _ => { });
    }

    public QuicConnection Connection { get; }

    public static async Task<QuicClient> ConnectAsync(
        IPEndPoint server, byte[] certificateHash, string protocol = "h3", ConnectionOptions? options = null,
        CancellationToken cancellation = default)
    {
        var client = new QuicClient(server, certificateHash, protocol, options ?? new ConnectionOptions(), TimeProvider.System);
        client._driver.Start(client);
        lock (client.Connection.Gate)
            client.Connection.Pump();
        await client.Connection.Established.WaitAsync(cancellation).ConfigureAwait(false);
        return client;
    }

    public async ValueTask DisposeAsync()
    {
        await Connection.DisposeAsync().ConfigureAwait(false);
        _driver.Dispose();
        Connection.Abandon();
        _tls.Dispose();
    }

    void IUdpReceiver.OnDatagram(Span<byte> datagram, PeerAddress from) => Connection.Receive(datagram, from);

    void IUdpReceiver.OnDrained()
    {
        lock (Connection.Gate)
            Connection.Pump();
    }
}
