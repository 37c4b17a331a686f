using System.Globalization;

namespace SIPSorcery.Net;

/// <summary>Reads SDP text line by line; what makes no sense is passed over, and how much is kept is bounded.</summary>
internal sealed class SdpReader(string text)
{
    private const int LargestText = 256 * 1024;
    private const int MostMedia = 64;
    private const int MostOfAKind = 256;

    private readonly SDP _sdp = new();
    private SDPMediaAnnouncement? _media;
    private bool _skipMedia;

    public SDP Read()
    {
        if (text.Length > LargestText)
        {
            return _sdp;
        }

        foreach (var raw in text.AsSpan().EnumerateLines())
        {
            var line = raw.Trim();
            if (line.Length < 2 || line[1] != '=')
            {
                continue;
            }

            var value = line[2..].Trim();
            switch (line[0])
            {
                case 'o':
                    ReadOrigin(value.ToString());
                    break;
                case 's' when _media is null:
                    _sdp.SessionName = value.ToString();
                    break;
                case 'm':
                    ReadMedia(value.ToString());
                    break;
                case 'c':
                    ReadConnection(value.ToString());
                    break;
                case 'b' when value.StartsWith("TIAS:") && _media is not null && uint.TryParse(value[5..], out var bits):
                    _media.TIASBandwidth = bits;
                    break;
                case 'a' when !_skipMedia:
                    ReadAttribute(value.ToString());
                    break;
            }
        }

        return _sdp.WithText(text);
    }

    private void ReadOrigin(string value)
    {
        if (value.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [var user, var session, var version, ..])
        {
            _sdp.Username = user;
            _sdp.SessionId = session;
            _sdp.AnnouncementVersion = ulong.TryParse(version, out var number) ? number : 0;
        }
    }

    private void ReadConnection(string value)
    {
        var connection = SDPConnectionInformation.TryParse(value);
        if (_media is null)
        {
            _sdp.Connection = connection;
        }
        else
        {
            _media.Connection = connection;
        }
    }

    private void ReadMedia(string value)
    {
        var words = value.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        _skipMedia = words.Length < 3 || _sdp.Media.Count >= MostMedia ||
            !int.TryParse(words[1].Split('/')[0], NumberStyles.None, CultureInfo.InvariantCulture, out _);
        if (_skipMedia)
        {
            return;
        }

        _media = new SDPMediaAnnouncement
        {
            MediaWord = words[0],
            Media = Enum.TryParse<SDPMediaTypesEnum>(words[0], true, out var kind) && Enum.IsDefined(kind)
                ? kind
                : SDPMediaTypesEnum.invalid,
            Port = int.Parse(words[1].Split('/')[0], NumberStyles.None, CultureInfo.InvariantCulture),
            Transport = words[2],
            MLineIndex = _sdp.Media.Count,
        };
        foreach (var format in words.Skip(3).Take(MostOfAKind))
        {
            _media.FormatWords.Add(format);
            if (_media.Media is not (SDPMediaTypesEnum.audio or SDPMediaTypesEnum.video))
            {
                _media.ApplicationMediaFormats.TryAdd(format, new SDPApplicationMediaFormat(format));
            }
            else if (TryReadType(format, out var type))
            {
                _media.MediaFormats.TryAdd(type, new SDPAudioVideoMediaFormat(_media.Media, type, null));
            }
        }

        _sdp.Media.Add(_media);
    }

    private void ReadAttribute(string line)
    {
        var colon = line.IndexOf(':', StringComparison.Ordinal);
        var name = colon < 0 ? line : line[..colon];
        var value = colon < 0 ? string.Empty : line[(colon + 1)..].Trim();
        switch (name)
        {
            case "group" when _media is null:
                // More than one group may be given; only BUNDLE matters here.
                _sdp.Group = _sdp.Group?.StartsWith("BUNDLE", StringComparison.Ordinal) == true ? _sdp.Group : value;
                break;
            case "ice-lite":
                _sdp.IceImplementation = IceImplementationEnum.lite;
                break;
            case "ice-ufrag":
                Set(ref _sdp.IceUfrag, media => media.IceUfrag = value, value);
                break;
            case "ice-pwd":
                Set(ref _sdp.IcePwd, media => media.IcePwd = value, value);
                break;
            case "fingerprint":
                Set(ref _sdp.DtlsFingerprint, media => media.DtlsFingerprint ??= value, value);
                break;
            case "setup" when Enum.TryParse<IceRolesEnum>(value, true, out var role) && Enum.IsDefined(role):
                if (_media is null)
                {
                    _sdp.IceRole = role;
                }
                else
                {
                    _media.IceRole = role;
                }

                break;
            case "candidate":
                Add(_media is null ? _sdp.IceCandidates ??= [] : _media.IceCandidates ??= [], value);
                break;
            case "sendrecv" or "sendonly" or "recvonly" or "inactive":
                var status = Enum.Parse<MediaStreamStatusEnum>(name, true);
                if (_media is null)
                {
                    _sdp.SessionMediaStreamStatus = status;
                }
                else
                {
                    _media.MediaStreamStatus = status;
                }

                break;
            default:
                if (_media is null)
                {
                    Add(_sdp.ExtraSessionAttributes, "a=" + line);
                }
                else
                {
                    ReadMediaAttribute(_media, name, value, line);
                }

                break;
        }
    }

    private static void ReadMediaAttribute(SDPMediaAnnouncement media, string name, string value, string line)
    {
        var space = value.IndexOf(' ', StringComparison.Ordinal);
        var first = space < 0 ? value : value[..space];
        var rest = space < 0 ? string.Empty : value[(space + 1)..].Trim();
        switch (name)
        {
            case "mid":
                media.MediaID = value;
                break;
            case "ice-options":
                media.IceOptions = value;
                break;
            case "end-of-candidates":
                media.IceEndOfCandidates = true;
                break;
            case "rtcp-mux":
                media.RtcpMux = true;
                break;
            case "rtcp-rsize":
                media.RtcpReducedSize = true;
                break;
            case "msid":
                media.StreamId = value;
                break;
            case "sctpmap":
                media.SctpMap = value;
                if (ushort.TryParse(first, out var oldPort))
                {
                    media.SctpPort ??= oldPort;
                }

                if (rest.Split(' ') is ["webrtc-datachannel", ..])
                {
                    media.MaxMessageSize = media.MaxMessageSize > 0 ? media.MaxMessageSize : 65536;
                }

                break;
            case "sctp-port" when ushort.TryParse(value, out var port):
                media.SctpPort = port;
                break;
            case "max-message-size" when long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var size):
                media.MaxMessageSize = size;
                break;
            case "rtpmap" when TryReadType(first, out var type) && media.MediaFormats.TryGetValue(type, out var format):
                media.MediaFormats[type] = new SDPAudioVideoMediaFormat(format.Kind, type, rest, format.Fmtp);
                break;
            case "fmtp" when TryReadType(first, out var type) && media.MediaFormats.TryGetValue(type, out var format):
                media.MediaFormats[type] = new SDPAudioVideoMediaFormat(format.Kind, type, format.Rtpmap, rest);
                break;
            case "rtcp-fb" when first == "*" && media.Feedback.Count < MostOfAKind:
                media.Feedback.Add((-1, rest));
                break;
            case "rtcp-fb" when TryReadType(first, out var type) && media.Feedback.Count < MostOfAKind:
                media.Feedback.Add((type, rest));
                break;
            case "extmap" when int.TryParse(first.Split('/')[0], out var id) && id is > 0 and < 256 &&
                media.Extensions.Count < MostOfAKind:
                media.Extensions.Add((id, rest.Split(' ')[0]));
                break;
            case "ssrc" when uint.TryParse(first, out var ssrc):
                ReadStream(media, ssrc, rest);
                break;
            case "ssrc-group" when first == "FID" && rest.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [var a, var b] &&
                uint.TryParse(a, out var primary) && uint.TryParse(b, out var repair):
                media.RepairGroup ??= (primary, repair);
                break;
            default:
                Add(media.ExtraMediaAttributes, "a=" + line);
                break;
        }
    }

    private static void ReadStream(SDPMediaAnnouncement media, uint ssrc, string rest)
    {
        var known = media.SsrcAttributes.Find(attribute => attribute.SSRC == ssrc);
        if (known is null && media.SsrcAttributes.Count < MostOfAKind)
        {
            known = new SDPSsrcAttribute(ssrc, null, null);
            media.SsrcAttributes.Add(known);
        }

        if (known is not null && rest.StartsWith("cname:", StringComparison.Ordinal))
        {
            known.Cname = rest["cname:".Length..];
        }
    }

    private static bool TryReadType(string word, out int type) =>
        int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out type) && type <= 127;

    private static void Add(List<string> list, string value)
    {
        if (list.Count < MostOfAKind)
        {
            list.Add(value);
        }
    }

    private void Set(ref string? ofSession, Action<SDPMediaAnnouncement> ofMedia, string value)
    {
        if (_media is null)
        {
            ofSession = value;
        }
        else
        {
            ofMedia(_media);
        }
    }
}
