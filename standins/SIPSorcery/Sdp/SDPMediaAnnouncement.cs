using System.Globalization;
using System.Text;

namespace SIPSorcery.Net;

/// <summary>One m-line of a description with its attributes.</summary>
public class SDPMediaAnnouncement
{
    /// <summary>The <c>c=</c> line.</summary>
    public SDPConnectionInformation? Connection;

    /// <summary>What the line is for.</summary>
    public SDPMediaTypesEnum Media = SDPMediaTypesEnum.audio;

    /// <summary>The port; 9 with ICE, 0 when the media is refused.</summary>
    public int Port;

    /// <summary>The profile, for example <c>UDP/TLS/RTP/SAVPF</c>.</summary>
    public string Transport = "RTP/AVP";

    /// <summary>ICE user fragment.</summary>
    public string? IceUfrag;

    /// <summary>ICE password.</summary>
    public string? IcePwd;

    /// <summary>ICE options, for example <c>trickle</c>.</summary>
    public string? IceOptions;

    /// <summary>True when no further candidates follow.</summary>
    public bool IceEndOfCandidates;

    /// <summary>Who starts the DTLS handshake.</summary>
    public IceRolesEnum? IceRole;

    /// <summary>Hash of the certificate.</summary>
    public string? DtlsFingerprint;

    /// <summary>The number of the line.</summary>
    public int MLineIndex;

    /// <summary>The <c>mid</c>.</summary>
    public string? MediaID;

    /// <summary>The value of <c>sctpmap</c>, the old way to announce data channels.</summary>
    public string? SctpMap;

    /// <summary>The SCTP port, the new way to announce data channels.</summary>
    public ushort? SctpPort;

    /// <summary>The largest data channel message that is accepted; 0 when not said.</summary>
    public long MaxMessageSize;

    /// <summary>The streams announced.</summary>
    public List<SDPSsrcAttribute> SsrcAttributes = [];

    /// <summary>Limit in bits per second; 0 when not said.</summary>
    public uint TIASBandwidth;

    /// <summary>Payload types with their formats, in the order of the m-line.</summary>
    public Dictionary<int, SDPAudioVideoMediaFormat> MediaFormats = [];

    /// <summary>Formats of a line that is neither audio nor video.</summary>
    public Dictionary<string, SDPApplicationMediaFormat> ApplicationMediaFormats = [];

    /// <summary>Attributes that were not understood.</summary>
    public List<string> ExtraMediaAttributes = [];

    /// <summary>Candidate lines.</summary>
    public List<string>? IceCandidates;

    /// <summary>The direction, seen from whoever wrote the description.</summary>
    public MediaStreamStatusEnum? MediaStreamStatus { get; set; }

    /// <summary>The word on the m-line, which for a media type unknown to us is not the enum's name.</summary>
    internal string MediaWord { get; set; } = "audio";

    /// <summary>Formats on the m-line as they were written.</summary>
    internal List<string> FormatWords { get; } = [];

    /// <summary>Feedback each payload type understands; -1 stands for all.</summary>
    internal List<(int PayloadType, string Message)> Feedback { get; } = [];

    /// <summary>Header extensions: number and URI.</summary>
    internal List<(int Id, string Uri)> Extensions { get; } = [];

    /// <summary>The <c>FID</c> group: a stream and its retransmissions.</summary>
    internal (uint Primary, uint Repair)? RepairGroup { get; set; }

    /// <summary>The <c>msid</c>.</summary>
    internal string? StreamId { get; set; }

    internal bool RtcpMux { get; set; }

    internal bool RtcpReducedSize { get; set; }

    /// <summary>True for data channels in either form.</summary>
    internal bool IsDataChannel =>
        Media == SDPMediaTypesEnum.application && Transport.Contains("SCTP", StringComparison.OrdinalIgnoreCase);

    /// <summary>True for the form <c>m=application 9 DTLS/SCTP 5000</c>.</summary>
    internal bool IsOldDataChannelForm =>
        SctpMap is not null || Transport.Equals("DTLS/SCTP", StringComparison.OrdinalIgnoreCase);

    /// <inheritdoc/>
    public override string ToString()
    {
        var text = new StringBuilder();
        var formats = FormatWords.Count > 0
            ? FormatWords
            : Media is SDPMediaTypesEnum.audio or SDPMediaTypesEnum.video
                ? MediaFormats.Keys.Select(id => id.ToString(CultureInfo.InvariantCulture))
                : ApplicationMediaFormats.Keys;
        Line(text, $"m={MediaWord} {Port} {Transport} {string.Join(' ', formats)}");
        text.Append(Connection);
        if (TIASBandwidth > 0)
        {
            Line(text, $"b=TIAS:{TIASBandwidth}");
        }

        Attribute(text, "ice-ufrag", IceUfrag);
        Attribute(text, "ice-pwd", IcePwd);
        Attribute(text, "ice-options", IceOptions);
        Attribute(text, "fingerprint", DtlsFingerprint);
        Attribute(text, "setup", IceRole?.ToString());
        Attribute(text, "mid", MediaID);
        foreach (var (id, uri) in Extensions)
        {
            Line(text, $"a=extmap:{id} {uri}");
        }

        Attribute(text, "msid", StreamId);
        if (MediaStreamStatus is { } status)
        {
            Line(text, "a=" + status.ToString().ToLowerInvariant());
        }

        Flag(text, "rtcp-mux", RtcpMux);
        Flag(text, "rtcp-rsize", RtcpReducedSize);
        foreach (var format in MediaFormats.Values)
        {
            if (format.Rtpmap is not null)
            {
                Line(text, $"a=rtpmap:{format.ID} {format.Rtpmap}");
            }

            foreach (var (type, message) in Feedback)
            {
                if (type == format.ID)
                {
                    Line(text, $"a=rtcp-fb:{type} {message}");
                }
            }

            if (!string.IsNullOrEmpty(format.Fmtp))
            {
                Line(text, $"a=fmtp:{format.ID} {format.Fmtp}");
            }
        }

        if (RepairGroup is var (primary, repair))
        {
            Line(text, $"a=ssrc-group:FID {primary} {repair}");
        }

        foreach (var ssrc in SsrcAttributes)
        {
            Line(text, ssrc.Cname is null ? $"a=ssrc:{ssrc.SSRC}" : $"a=ssrc:{ssrc.SSRC} cname:{ssrc.Cname}");
        }

        Attribute(text, "sctpmap", SctpMap);
        Attribute(text, "sctp-port", SctpPort?.ToString(CultureInfo.InvariantCulture));
        Attribute(text, "max-message-size", MaxMessageSize > 0 ? MaxMessageSize.ToString(CultureInfo.InvariantCulture) : null);
        foreach (var candidate in IceCandidates ?? [])
        {
            Attribute(text, "candidate", candidate);
        }

        Flag(text, "end-of-candidates", IceEndOfCandidates);
        foreach (var extra in ExtraMediaAttributes)
        {
            Line(text, extra);
        }

        return text.ToString();
    }

    private static void Line(StringBuilder text, string line) => text.Append(line).Append("\r\n");

    private static void Flag(StringBuilder text, string name, bool set)
    {
        if (set)
        {
            Line(text, "a=" + name);
        }
    }

    private static void Attribute(StringBuilder text, string name, string? value)
    {
        if (value is not null)
        {
            Line(text, $"a={name}:{value}");
        }
    }
}
