using Ball.Quic.Crypto;

namespace Ball.Quic.Tls;

/// <summary>What a handshake tells its connection, always from inside a call that the connection made.</summary>
interface ITlsEvents
{
    void HandshakeBytes(EncryptionLevel level, ReadOnlySpan<byte> bytes);

    void ReadSecret(EncryptionLevel level, CipherSuite suite, byte[] secret);

    void WriteSecret(EncryptionLevel level, CipherSuite suite, byte[] secret);

    void PeerParameters(ReadOnlySpan<byte> parameters);
}
