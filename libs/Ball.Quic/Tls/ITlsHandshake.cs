namespace Ball.Quic.Tls;

/// <summary>A TLS 1.3 handshake that leaves records and packet protection to QUIC. One thread at a time.</summary>
interface ITlsHandshake : IDisposable
{
    bool IsComplete { get; }

    /// <summary>The protocol that both ends agreed on, or null.</summary>
    string? Protocol { get; }

    /// <summary>Begins; a client's first bytes come at once. The parameters are what the peer is told.</summary>
    void Start(ITlsEvents events, byte[] parameters);

    /// <summary>
    /// Takes the peer's next bytes of this level; throws a protocol exception with the alert when they are wrong.
    /// </summary>
    void Receive(EncryptionLevel level, ReadOnlySpan<byte> bytes);
}
