using SIPSorceryMedia.Abstractions;

namespace SIPSorcery.Net;

/// <summary>One end of a media stream: what can be sent, or what the peer sends.</summary>
public class MediaStreamTrack
{
    /// <summary>A track of any kind with its formats.</summary>
    public MediaStreamTrack(
        SDPMediaTypesEnum kind,
        bool isRemote,
        List<SDPAudioVideoMediaFormat> capabilities,
        MediaStreamStatusEnum streamStatus = MediaStreamStatusEnum.SendRecv,
        List<SDPSsrcAttribute>? ssrcAttributes = null)
    {
        Kind = kind;
        IsRemote = isRemote;
        Capabilities = capabilities;
        StreamStatus = streamStatus;
        DefaultStreamStatus = streamStatus;
        Ssrc = isRemote ? 0 : unchecked((uint)Random.Shared.NextInt64(1, uint.MaxValue));
        SeqNum = (ushort)Random.Shared.Next(0, short.MaxValue);
        foreach (var attribute in ssrcAttributes ?? [])
        {
            SdpSsrc.TryAdd(attribute.SSRC, attribute);
        }
    }

    /// <summary>A local video track with one format.</summary>
    public MediaStreamTrack(VideoFormat format, MediaStreamStatusEnum streamStatus = MediaStreamStatusEnum.SendRecv)
        : this([format], streamStatus)
    {
    }

    /// <summary>A local video track with formats in order of preference.</summary>
    public MediaStreamTrack(List<VideoFormat> formats, MediaStreamStatusEnum streamStatus = MediaStreamStatusEnum.SendRecv)
        : this(
            SDPMediaTypesEnum.video, false, formats.ConvertAll(format => new SDPAudioVideoMediaFormat(format)), streamStatus)
    {
    }

    /// <summary>Audio or video.</summary>
    public SDPMediaTypesEnum Kind { get; }

    /// <summary>The number of the stream in RTP packets.</summary>
    public uint Ssrc { get; set; }

    /// <summary>The sequence number of the next packet.</summary>
    public ushort SeqNum { get; internal set; }

    /// <summary>The sequence number of the last packet that came from the peer.</summary>
    public ushort LastRemoteSeqNum { get; internal set; }

    /// <summary>The RTP timestamp of the next frame.</summary>
    public uint Timestamp { get; internal set; }

    /// <summary>True for what the peer sends.</summary>
    public bool IsRemote { get; set; }

    /// <summary>The formats, most preferred first.</summary>
    public List<SDPAudioVideoMediaFormat> Capabilities { get; internal set; }

    /// <summary>The direction the track was made with.</summary>
    public MediaStreamStatusEnum DefaultStreamStatus { get; }

    /// <summary>The direction in force.</summary>
    public MediaStreamStatusEnum StreamStatus { get; internal set; }

    /// <summary>The streams that the peer's description announced.</summary>
    public Dictionary<uint, SDPSsrcAttribute> SdpSsrc { get; set; } = [];

    /// <summary>True when one of the formats has the payload type.</summary>
    public bool IsPayloadIDMatch(int payloadID) => Capabilities.Exists(format => format.ID == payloadID);

    /// <summary>True for the track's own or an announced stream number.</summary>
    public bool IsSsrcMatch(uint ssrc) => ssrc == Ssrc || SdpSsrc.ContainsKey(ssrc);

    /// <summary>The format with the payload type, if any.</summary>
    public SDPAudioVideoMediaFormat? GetFormatForPayloadID(int payloadID)
    {
        foreach (var format in Capabilities)
        {
            if (format.ID == payloadID)
            {
                return format;
            }
        }

        return null;
    }

    /// <summary>Leaves only the given format; false (and no change) when the track does not have it.</summary>
    public bool RestrictCapabilities(SDPAudioVideoMediaFormat sdpAudioVideoMediaFormat)
    {
        var index = Capabilities.FindIndex(format => SDPAudioVideoMediaFormat.AreMatch(format, sdpAudioVideoMediaFormat));
        if (index < 0)
        {
            return false;
        }

        Capabilities = [Capabilities[index]];
        return true;
    }

    /// <summary>Leaves only the given format; false (and no change) when the track does not have it.</summary>
    public bool RestrictCapabilities(VideoFormat videoFormat) => RestrictCapabilities(new SDPAudioVideoMediaFormat(videoFormat));

    /// <summary>Takes the next sequence number.</summary>
    public ushort GetNextSeqNum() => SeqNum++;
}
