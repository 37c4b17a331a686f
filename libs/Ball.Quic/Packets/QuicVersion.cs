namespace Ball.Quic.Packets;

static class QuicVersion
{
    /// <summary>RFC 9000's version, the only one spoken here.</summary>
    public const uint One = 1;
}
