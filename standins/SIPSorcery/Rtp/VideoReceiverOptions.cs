namespace SIPSorcery.Net;

/// <summary>What was negotiated for a video stream that is received.</summary>
internal sealed record VideoReceiverOptions
{
    /// <summary>The payload types that may come, the media's own.</summary>
    public required IReadOnlyList<byte> PayloadTypes { get; init; }
    /// <summary>RTX payload types, each with the one that it retransmits (apt).</summary>
    public IReadOnlyDictionary<byte, byte> RtxPayloadTypes { get; init; } = new Dictionary<byte, byte>();
    public string? Mid { get; init; }
    /// <summary>0 when the description does not say.</summary>
    public uint Ssrc { get; init; }
    /// <summary>From ssrc-group:FID; 0 when the description does not say.</summary>
    public uint RtxSsrc { get; init; }
    public bool Nack { get; init; } = true;
    public bool Pli { get; init; } = true;
    /// <summary>Used when PLI was not negotiated.</summary>
    public bool Fir { get; init; }
    public int ClockRate { get; init; } = 90_000;
    public int MaxFrameSize { get; init; } = 1024 * 1024;
}
