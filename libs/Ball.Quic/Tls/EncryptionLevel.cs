namespace Ball.Quic.Tls;

/// <summary>The levels at which handshake bytes travel. The numbers index the packet number spaces.</summary>
enum EncryptionLevel
{
    Initial = 0,
    Handshake = 1,
    Application = 2
}
