namespace SIPSorcery.Net;

/// <summary>An m-line that both sides know, in the place it keeps for good.</summary>
internal sealed class MediaLine(string mid, SDPMediaTypesEnum kind)
{
    public string Mid { get; set; } = mid;

    public SDPMediaTypesEnum Kind { get; } = kind;

    /// <summary>What is sent and received on a video line.</summary>
    public VideoStream? Stream { get; set; }

    /// <summary>The stream of retransmissions.</summary>
    public uint RepairSsrc { get; set; }

    /// <summary>The peer's side of the line.</summary>
    public SDPMediaAnnouncement? Remote { get; set; }

    /// <summary>What was agreed on for video.</summary>
    public VideoAgreement? Agreement { get; set; }

    /// <summary>Neither side uses the line.</summary>
    public bool IsRefused { get; set; }

    /// <summary>The line carries data channels.</summary>
    public bool IsData => Kind == SDPMediaTypesEnum.application;
}
