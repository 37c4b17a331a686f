using System.Security.Cryptography;

namespace SIPSorcery.Net.Sctp;

/// <summary>Fills a buffer with random bytes; tests pass a seeded source.</summary>
internal delegate void RandomFill(Span<byte> destination);

/// <summary>What an association is set up with. Times are microseconds.</summary>
internal sealed record SctpOptions
{
    public ushort LocalPort { get; init; } = 5000;

    public ushort RemotePort { get; init; } = 5000;

    /// <summary>Largest SCTP packet. The default leaves room for DTLS, UDP and IPv6 within 1280 bytes.</summary>
    public int MaxPacketSize { get; init; } = 1188;

    /// <summary>Largest message accepted from the peer; a larger one ends the association.</summary>
    public int MaxReceiveMessageSize { get; init; } = 256 * 1024;

    /// <summary>Largest message that may be sent: what the peer's SDP allows (a=max-message-size).</summary>
    public int MaxSendMessageSize { get; init; } = 256 * 1024;

    /// <summary>Bytes the peer may have in our memory: out of order, incomplete, or not yet polled.</summary>
    public int ReceiveWindow { get; init; } = 2 * 1024 * 1024;

    /// <summary>Bytes of messages that may wait for their first transmission before <c>Send</c> says no.</summary>
    public int SendBufferLimit { get; init; } = 16 * 1024 * 1024;

    public ushort Streams { get; init; } = 65535;

    public long InitialRto { get; init; } = 500_000;

    public long MinRto { get; init; } = 200_000;

    public long MaxRto { get; init; } = 5_000_000;

    /// <summary>Consecutive unanswered retransmissions before the path counts as dead.</summary>
    public int MaxRetransmissions { get; init; } = 10;

    public int MaxInitRetransmissions { get; init; } = 10;

    public long DelayedSack { get; init; } = 20_000;

    /// <summary>Idle time between heartbeats; 0 sends none.</summary>
    public long HeartbeatInterval { get; init; } = 15_000_000;

    public long CookieLifetime { get; init; } = 60_000_000;

    /// <summary>Initial congestion window in full packets.</summary>
    public int InitialWindowPackets { get; init; } = 10;

    /// <summary>Source of tags, TSNs and the cookie key.</summary>
    public RandomFill Random { get; init; } = RandomNumberGenerator.Fill;
}
