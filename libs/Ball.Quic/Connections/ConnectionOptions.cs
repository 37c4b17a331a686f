namespace Ball.Quic.Connections;

/// <summary>The limits of one connection. Times in microseconds.</summary>
sealed record ConnectionOptions
{
    public long IdleTimeout { get; init; } = 30_000_000;

    /// <summary>How long nothing may come before the peer is asked for a sign of life; 0 for never.</summary>
    public long KeepAlive { get; init; }

    public long HandshakeTimeout { get; init; } = 10_000_000;

    public int MaxBidiStreams { get; init; } = 100;

    public int MaxUniStreams { get; init; } = 100;

    public int StreamWindow { get; init; } = 1 << 20;

    public int ConnectionWindow { get; init; } = 4 << 20;

    /// <summary>How much of a stream is kept for sending.</summary>
    public int SendBuffer { get; init; } = 512 << 10;

    /// <summary>The largest datagram frame that is taken; 0 for none.</summary>
    public int MaxDatagramFrame { get; init; } = 1500;

    public int DatagramQueue { get; init; } = 256;

    /// <summary>The size of packets, which every path must carry.</summary>
    public int PacketSize { get; init; } = 1200;

    /// <summary>Packets with one key before it is renewed (RFC 9001, section 6.6).</summary>
    public long PacketsPerKey { get; init; } = 1 << 22;
}
