namespace Ball.Quic.Connections;

enum ConnectionState
{
    Handshaking,
    Established,

    /// <summary>Closed by this side; answers what still comes.</summary>
    Closing,

    /// <summary>Closed by the peer; silent.</summary>
    Draining,
    Closed
}
