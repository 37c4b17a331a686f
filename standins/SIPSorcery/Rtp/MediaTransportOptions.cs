namespace SIPSorcery.Net;

/// <summary>What was negotiated for all the media of a peer together.</summary>
internal sealed record MediaTransportOptions
{
    public RtpExtensionIds Extensions { get; init; }
    /// <summary>Names this side in RTCP while it sends no stream.</summary>
    public uint ReceiverSsrc { get; init; } = 1;
    public string Cname { get; init; } = "-";
    /// <summary>Whether to report each packet's arrival (rtcp-fb transport-cc).</summary>
    public bool TransportFeedback { get; init; }
    /// <summary>Whether to send bitrate estimates (rtcp-fb goog-remb); only done without transport feedback.</summary>
    public bool Remb { get; init; }
    /// <summary>Whether feedback may go without a report before it (rtcp-rsize).</summary>
    public bool ReducedSize { get; init; }
    /// <summary>Microseconds since 1970 when the monotonic clock is at 0.</summary>
    public long UnixMicrosAtZero { get; init; }
    public long StartBitrate { get; init; } = 2_000_000;
    public long MinBitrate { get; init; } = 60_000;
    public long MaxBitrate { get; init; } = 20_000_000;
    public long ReportIntervalMicros { get; init; } = 1_000_000;
}
