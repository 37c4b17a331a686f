using System.Net;

namespace Ball.Link.Peers;

/// <summary>How to talk to a peer.</summary>
public sealed record PeerOptions
{
    public PeerRole Role { get; init; } = PeerRole.Offer;

    /// <summary>How frames are sent; a receiver takes both.</summary>
    public FrameCarrier Frames { get; init; } = FrameCarrier.Video;

    /// <summary>STUN and TURN servers, as `url` or `url;username;credential`.</summary>
    public IReadOnlyList<string> IceServers { get; init; } = [];

    /// <summary>The address to send and receive on; null for the one that leads out of the machine.</summary>
    public IPAddress? BindAddress { get; init; }

    /// <summary>The UDP port; 0 for any.</summary>
    public int BindPort { get; init; }

    /// <summary>Where peers elsewhere reach our port, if something between maps it; null where nothing does.</summary>
    public IPEndPoint? Advertised { get; init; }

    /// <summary>How long all may take until frames can flow.</summary>
    public TimeSpan ConnectTime { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The most that a peer's reports can raise the bitrate to.</summary>
    public int MaxBitrate { get; init; } = 1_500_000;
}
