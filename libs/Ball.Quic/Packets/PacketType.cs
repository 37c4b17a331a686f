namespace Ball.Quic.Packets;

/// <summary>What kind of packet a header announces.</summary>
enum PacketType
{
    Initial,
    ZeroRtt,
    Handshake,
    Retry,
    VersionNegotiation,
    OneRtt
}
