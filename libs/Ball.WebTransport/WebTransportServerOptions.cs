using System.Net;

namespace Ball.WebTransport;

/// <summary>How a server serves.</summary>
public sealed record WebTransportServerOptions
{
    /// <summary>The address and UDP port; port 0 for any free one.</summary>
    public IPEndPoint Listen { get; init; } = new(IPAddress.IPv6Any, 0);

    /// <summary>Whose QUIC to use.</summary>
    public QuicChoice Quic { get; init; } = QuicChoice.Auto;

    /// <summary>
    /// Decides on each session: 200 lets it in; anything else is the answer (404 for a path that is not there, 403 for an
    /// origin that may not).
    /// </summary>
    public Func<WebTransportRequest, int> Admit { get; init; } = _ => 200;

    /// <summary>Sessions at once, over all connections.</summary>
    public int MaxSessions { get; init; } = 256;

    /// <summary>Streams of each kind that a peer may have open at once.</summary>
    public int MaxStreams { get; init; } = 1000;

    /// <summary>The most bytes of request headers.</summary>
    public int MaxHeaders { get; init; } = 16 << 10;

    /// <summary>Datagrams of a session that wait to be received; when there are more, the oldest goes.</summary>
    public int DatagramQueue { get; init; } = 256;

    /// <summary>After how much silence a session is over: a killed tab says nothing.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>After how much silence the peer is asked for a sign of life.</summary>
    public TimeSpan KeepAlive { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Packets with one key before it is renewed; MsQuic decides by itself.</summary>
    public long PacketsPerKey { get; init; } = 1 << 22;

    /// <summary>How long a peer may take to answer a close before the connection is cut.</summary>
    public TimeSpan CloseTimeout { get; init; } = TimeSpan.FromSeconds(1);
}
