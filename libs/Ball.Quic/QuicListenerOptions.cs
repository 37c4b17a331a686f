using System.Net;
using System.Security.Cryptography.X509Certificates;

namespace Ball.Quic;

/// <summary>How a listener listens.</summary>
public sealed record QuicListenerOptions
{
    /// <summary>The address and port; port 0 for any free one.</summary>
    public IPEndPoint Listen { get; init; } = new(IPAddress.IPv6Any, 0);

    /// <summary>The application protocol, as TLS calls it.</summary>
    public string Protocol { get; init; } = "h3";

    /// <summary>The certificate with its ECDSA key.</summary>
    public required X509Certificate2 Certificate { get; init; }

    /// <summary>Connections at once; more are not answered.</summary>
    public int MaxConnections { get; init; } = 512;

    /// <summary>From this many unfinished handshakes on, clients have to prove their address first; 0 for always.</summary>
    public int RetryFrom { get; init; } = 64;

    /// <summary>Bidirectional streams that a peer may have open.</summary>
    public int MaxBidiStreams { get; init; } = 1000;

    /// <summary>Unidirectional streams that a peer may have open.</summary>
    public int MaxUniStreams { get; init; } = 1000;

    /// <summary>How much of one stream may wait to be read.</summary>
    public int StreamWindow { get; init; } = 1 << 20;

    /// <summary>How much of all streams may wait to be read.</summary>
    public int ConnectionWindow { get; init; } = 4 << 20;

    /// <summary>How long a silent connection lives.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Packets with one key before it is renewed.</summary>
    public long PacketsPerKey { get; init; } = 1 << 22;

    /// <summary>After how much silence the peer is asked for a sign of life; zero for never.</summary>
    public TimeSpan KeepAlive { get; init; } = TimeSpan.FromSeconds(3);
}
