using System.Globalization;

namespace SIPSorcery.Net;

/// <summary>Writes video m-lines and finds what two sides have in common.</summary>
internal static class VideoNegotiation
{
    public const string AbsSendTime = "http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time";
    public const string TransportSequence = "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01";
    public const string PlayoutDelay = "http://www.webrtc.org/experiments/rtp-hdrext/playout-delay";
    public const string Mid = "urn:ietf:params:rtp-hdrext:sdes:mid";

    private const string Repair = "rtx";

    private static readonly string[] s_feedback = ["goog-remb", "transport-cc", "ccm fir", "nack", "nack pli"];

    private static readonly (int Id, string Uri)[] s_extensions =
        [(1, AbsSendTime), (2, TransportSequence), (3, Mid), (4, PlayoutDelay)];

    /// <summary>An m-line with everything the track can do.</summary>
    public static SDPMediaAnnouncement Offer(
        MediaStreamTrack track, string mid, uint repairSsrc, string cname, bool feedbackProfile)
    {
        var media = new SDPMediaAnnouncement
        {
            Media = SDPMediaTypesEnum.video,
            MediaWord = "video",
            Port = 9,
            Transport = feedbackProfile ? "UDP/TLS/RTP/SAVPF" : "UDP/TLS/RTP/SAVP",
            MediaID = mid,
            MediaStreamStatus = track.StreamStatus,
            RtcpMux = true,
            RtcpReducedSize = true,
        };
        media.Extensions.AddRange(s_extensions);
        var used = track.Capabilities.ConvertAll(format => format.ID);
        foreach (var format in track.Capabilities)
        {
            AddFormat(media, format, s_feedback);
            AddRepair(media, format.ID, FreeType(used));
        }

        AddStreams(media, track, repairSsrc, cname);
        return media;
    }

    /// <summary>The answer to an m-line of the peer's with what was agreed on.</summary>
    public static SDPMediaAnnouncement Answer(
        SDPMediaAnnouncement offer, VideoAgreement agreement, MediaStreamTrack track, uint repairSsrc, string cname)
    {
        var media = new SDPMediaAnnouncement
        {
            Media = SDPMediaTypesEnum.video,
            MediaWord = "video",
            Port = 9,
            Transport = offer.Transport,
            MediaID = offer.MediaID,
            MediaStreamStatus = Direction(agreement.CanSend, agreement.CanReceive),
            RtcpMux = true,
            RtcpReducedSize = offer.RtcpReducedSize,
        };
        media.Extensions.AddRange(offer.Extensions.FindAll(theirs => s_extensions.Any(ours => ours.Uri == theirs.Uri)));
        foreach (var format in agreement.Formats)
        {
            AddFormat(media, format, s_feedback.Where(message => Understands(offer, format.ID, message)));
            if (agreement.RepairTypes.TryGetValue(format.ID, out var repair))
            {
                AddRepair(media, format.ID, repair);
            }
        }

        if (agreement.CanSend)
        {
            AddStreams(media, track, agreement.RepairTypes.Count > 0 ? repairSsrc : 0, cname);
        }

        return media;
    }

    /// <summary>What the track and the peer's m-line have in common; null when that is no format.</summary>
    public static VideoAgreement? Agree(MediaStreamTrack track, SDPMediaAnnouncement remote, MediaStreamStatusEnum theirs)
    {
        var formats = new List<SDPAudioVideoMediaFormat>();
        foreach (var local in track.Capabilities)
        {
            foreach (var format in remote.MediaFormats.Values)
            {
                if (SDPAudioVideoMediaFormat.AreMatch(local, format) && !formats.Exists(known => known.ID == format.ID))
                {
                    formats.Add(format);
                }
            }
        }

        if (formats.Count == 0)
        {
            return null;
        }

        // Without a packetization mode no fragments may be sent, so a format with mode 1 goes first.
        if (formats.Exists(IsFragmentable) && !IsFragmentable(formats[0]) && IsH264(formats[0]))
        {
            formats = [.. formats.OrderByDescending(IsFragmentable)];
        }

        var first = formats[0].ID;
        var ours = track.StreamStatus;
        return new VideoAgreement
        {
            Formats = formats,
            RepairTypes = RepairTypes(remote),
            CanSend = Sends(ours) && Receives(theirs),
            CanReceive = Receives(ours) && Sends(theirs),
            RemoteSsrc = remote.RepairGroup?.Primary ?? remote.SsrcAttributes.FirstOrDefault()?.SSRC ?? 0,
            RemoteRepairSsrc = remote.RepairGroup?.Repair ?? 0,
            Nack = Understands(remote, first, "nack"),
            PictureLoss = Understands(remote, first, "nack pli"),
            FullIntra = Understands(remote, first, "ccm fir"),
            Remb = Understands(remote, first, "goog-remb"),
            TransportFeedback = Understands(remote, first, "transport-cc") && Extension(remote, TransportSequence) > 0,
            AbsSendTimeId = Extension(remote, AbsSendTime),
            TransportSequenceId = Extension(remote, TransportSequence),
            MidId = Extension(remote, Mid),
            PlayoutDelayId = Extension(remote, PlayoutDelay),
            Mid = remote.MediaID ?? "0",
            ReducedSize = remote.RtcpReducedSize,
        };
    }

    public static MediaStreamStatusEnum Direction(bool sends, bool receives) => (sends, receives) switch
    {
        (true, true) => MediaStreamStatusEnum.SendRecv,
        (true, false) => MediaStreamStatusEnum.SendOnly,
        (false, true) => MediaStreamStatusEnum.RecvOnly,
        _ => MediaStreamStatusEnum.Inactive,
    };

    private static bool Sends(MediaStreamStatusEnum status) =>
        status is MediaStreamStatusEnum.SendRecv or MediaStreamStatusEnum.SendOnly;

    private static bool Receives(MediaStreamStatusEnum status) =>
        status is MediaStreamStatusEnum.SendRecv or MediaStreamStatusEnum.RecvOnly;

    private static bool IsH264(SDPAudioVideoMediaFormat format) =>
        format.Name().Equals("H264", StringComparison.OrdinalIgnoreCase);

    private static bool IsFragmentable(SDPAudioVideoMediaFormat format) =>
        IsH264(format) && H264Parameters.Mode(format.Fmtp) == "1";

    private static void AddFormat(SDPMediaAnnouncement media, SDPAudioVideoMediaFormat format, IEnumerable<string> feedback)
    {
        media.MediaFormats[format.ID] = format;
        foreach (var message in feedback)
        {
            media.Feedback.Add((format.ID, message));
        }
    }

    private static void AddRepair(SDPMediaAnnouncement media, int type, int repair)
    {
        if (repair > 0)
        {
            media.MediaFormats[repair] = new SDPAudioVideoMediaFormat(
                SDPMediaTypesEnum.video, repair, Repair, 90000, fmtp: string.Create(CultureInfo.InvariantCulture, $"apt={type}"));
        }
    }

    private static void AddStreams(SDPMediaAnnouncement media, MediaStreamTrack track, uint repairSsrc, string cname)
    {
        if (!Sends(track.StreamStatus))
        {
            return;
        }

        // One stream and one track, by which browsers group what belongs together.
        media.StreamId = string.Create(CultureInfo.InvariantCulture, $"{cname} video-{track.Ssrc}");
        media.SsrcAttributes.Add(new SDPSsrcAttribute(track.Ssrc, cname, null));
        if (repairSsrc != 0)
        {
            media.SsrcAttributes.Add(new SDPSsrcAttribute(repairSsrc, cname, "FID"));
            media.RepairGroup = (track.Ssrc, repairSsrc);
        }
    }

    private static int FreeType(List<int> used)
    {
        for (var type = SDPAudioVideoMediaFormat.DYNAMIC_ID_MIN; type <= SDPAudioVideoMediaFormat.DYNAMIC_ID_MAX; type++)
        {
            if (!used.Contains(type))
            {
                used.Add(type);
                return type;
            }
        }

        return 0;
    }

    private static Dictionary<int, int> RepairTypes(SDPMediaAnnouncement media)
    {
        var types = new Dictionary<int, int>();
        foreach (var format in media.MediaFormats.Values)
        {
            if (format.Name().Equals(Repair, StringComparison.OrdinalIgnoreCase) &&
                format.Fmtp?.Split(';')[0].Split('=') is ["apt", var apt] && int.TryParse(apt, out var type))
            {
                types.TryAdd(type, format.ID);
            }
        }

        return types;
    }

    private static bool Understands(SDPMediaAnnouncement media, int type, string message) =>
        media.Feedback.Exists(entry => (entry.PayloadType == type || entry.PayloadType == -1) && entry.Message == message);

    private static int Extension(SDPMediaAnnouncement media, string uri) =>
        media.Extensions.Find(extension => extension.Uri == uri).Id is > 0 and < 15 and var id ? id : 0;
}
