using Ball.Quic.Connections;

namespace Ball.Quic.Endpoint;

/// <summary>The limits of a server's endpoint.</summary>
sealed record EndpointOptions
{
    public ConnectionOptions Connection { get; init; } = new();

    public int MaxConnections { get; init; } = 512;

    /// <summary>From this many unfinished handshakes on, clients have to prove their address by a Retry; 0 for always.</summary>
    public int RetryFrom { get; init; } = 64;

    /// <summary>Stateless resets that may go out per second.</summary>
    public int ResetsPerSecond { get; init; } = 100;
}
