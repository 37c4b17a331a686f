namespace Ball.Quic.Tls;

/// <summary>Makes handshakes.</summary>
interface ITlsContext : IDisposable
{
    ITlsHandshake CreateHandshake();
}
