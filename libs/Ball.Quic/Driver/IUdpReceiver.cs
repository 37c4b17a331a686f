using Ball.Quic.Connections;

namespace Ball.Quic.Driver;

/// <summary>Takes what a socket receives, always on the socket's thread.</summary>
interface IUdpReceiver
{
    void OnDatagram(Span<byte> datagram, PeerAddress from);

    /// <summary>Nothing more is there for the moment.</summary>
    void OnDrained();
}
