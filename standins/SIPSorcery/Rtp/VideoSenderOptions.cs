namespace SIPSorcery.Net;

/// <summary>What was negotiated for a video stream that is sent.</summary>
internal sealed record VideoSenderOptions
{
    public required uint Ssrc { get; init; }
    public required byte PayloadType { get; init; }
    /// <summary>0 when RTX was not negotiated: then lost packets are sent again as they were.</summary>
    public uint RtxSsrc { get; init; }
    public byte RtxPayloadType { get; init; }
    /// <summary>Whether the other side may ask for lost packets.</summary>
    public bool Nack { get; init; } = true;
    public string? Mid { get; init; }
    public int ClockRate { get; init; } = 90_000;
    /// <summary>Best below 2^15: a receiver that misses the first packets then still gets SRTP's rollover right.</summary>
    public ushort FirstSequence { get; init; }
}
