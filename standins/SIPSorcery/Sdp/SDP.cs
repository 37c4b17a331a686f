using System.Globalization;
using System.Net;
using System.Text;

namespace SIPSorcery.Net;

/// <summary>A session description (RFC 8866) as WebRTC uses it (RFC 8829).</summary>
public class SDP
{
    /// <summary>The attribute that says there are no more candidates.</summary>
    public const string END_ICE_CANDIDATES_ATTRIBUTE = "end-of-candidates";

    /// <summary>Name of the session's maker.</summary>
    public string Username = "-";

    /// <summary>Number of the session.</summary>
    public string SessionId = "-";

    /// <summary>Goes up with each change.</summary>
    public ulong AnnouncementVersion;

    /// <summary>Name of the session.</summary>
    public string SessionName = "-";

    /// <summary>The <c>c=</c> line of the session.</summary>
    public SDPConnectionInformation? Connection;

    /// <summary>Full or lite.</summary>
    public IceImplementationEnum IceImplementation = IceImplementationEnum.full;

    /// <summary>ICE user fragment for every m-line without its own.</summary>
    public string? IceUfrag;

    /// <summary>ICE password for every m-line without its own.</summary>
    public string? IcePwd;

    /// <summary>Who starts the DTLS handshake.</summary>
    public IceRolesEnum? IceRole;

    /// <summary>Hash of the certificate.</summary>
    public string? DtlsFingerprint;

    /// <summary>Candidate lines of the session.</summary>
    public List<string>? IceCandidates;

    /// <summary>The value of <c>a=group</c>, for example <c>BUNDLE 0 1</c>.</summary>
    public string? Group;

    /// <summary>The m-lines.</summary>
    public List<SDPMediaAnnouncement> Media = [];

    /// <summary>Attributes that were not understood.</summary>
    public List<string> ExtraSessionAttributes = [];

    private string? _raw;

    /// <summary>An empty description.</summary>
    public SDP()
    {
    }

    /// <summary>An empty description with an address.</summary>
    public SDP(IPAddress address)
    {
        Connection = new SDPConnectionInformation(address);
    }

    /// <summary>The direction of all media, unless an m-line says otherwise.</summary>
    public MediaStreamStatusEnum? SessionMediaStreamStatus { get; set; }

    /// <summary>
    /// Reads a description. Lines that make no sense are passed over, so that garbage gives a description without media;
    /// null only for null.
    /// </summary>
    public static SDP? ParseSDPDescription(string? sdpDescription) =>
        sdpDescription is null ? null : new SdpReader(sdpDescription).Read();

    /// <summary>The text that the description was read from, or else what it would be written as.</summary>
    public string RawString() => _raw ?? ToString();

    /// <inheritdoc/>
    public override string ToString()
    {
        var text = new StringBuilder();
        text.Append("v=0\r\n");
        text.Append(CultureInfo.InvariantCulture, $"o={Username} {SessionId} {AnnouncementVersion} IN IP4 127.0.0.1\r\n");
        text.Append(CultureInfo.InvariantCulture, $"s={SessionName}\r\n");
        text.Append(Connection);
        text.Append("t=0 0\r\n");
        Attribute("group", Group);
        if (IceImplementation == IceImplementationEnum.lite)
        {
            text.Append("a=ice-lite\r\n");
        }

        Attribute("ice-ufrag", IceUfrag);
        Attribute("ice-pwd", IcePwd);
        Attribute("setup", IceRole?.ToString());
        Attribute("fingerprint", DtlsFingerprint);
        foreach (var candidate in IceCandidates ?? [])
        {
            Attribute("candidate", candidate);
        }

        if (SessionMediaStreamStatus is { } status)
        {
            text.Append(CultureInfo.InvariantCulture, $"a={status.ToString().ToLowerInvariant()}\r\n");
        }

        foreach (var extra in ExtraSessionAttributes)
        {
            text.Append(extra).Append("\r\n");
        }

        foreach (var media in Media)
        {
            text.Append(media);
        }

        return text.ToString();

        void Attribute(string name, string? value)
        {
            if (value is not null)
            {
                text.Append("a=").Append(name).Append(':').Append(value).Append("\r\n");
            }
        }
    }

    /// <summary>The direction of the given m-line among those of its kind; SendRecv when nothing is said.</summary>
    public MediaStreamStatusEnum GetMediaStreamStatus(SDPMediaTypesEnum mediaType, int announcementIndex) =>
        Media.Where(media => media.Media == mediaType).ElementAtOrDefault(announcementIndex)?.MediaStreamStatus ??
        SessionMediaStreamStatus ?? MediaStreamStatusEnum.SendRecv;

    internal SDP WithText(string raw)
    {
        _raw = raw;
        return this;
    }
}
