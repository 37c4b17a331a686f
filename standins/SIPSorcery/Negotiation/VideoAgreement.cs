using SIPSorceryMedia.Abstractions;

namespace SIPSorcery.Net;

/// <summary>What both sides agreed on for a video m-line.</summary>
internal sealed record VideoAgreement
{
    private bool? _sendsH264;
    private bool? _mayAggregate;
    private List<VideoFormat>? _videoFormats;

    /// <summary>The formats that both have, under the numbers both use, most preferred first.</summary>
    public required List<SDPAudioVideoMediaFormat> Formats { get; init; }

    /// <summary>The payload type of retransmissions for each payload type that has one.</summary>
    public required Dictionary<int, int> RepairTypes { get; init; }

    public required bool CanSend { get; init; }

    public required bool CanReceive { get; init; }

    /// <summary>Streams that the peer announced; 0 when it did not.</summary>
    public uint RemoteSsrc { get; init; }

    public uint RemoteRepairSsrc { get; init; }

    public bool Nack { get; init; }

    public bool PictureLoss { get; init; }

    public bool FullIntra { get; init; }

    public bool Remb { get; init; }

    public bool TransportFeedback { get; init; }

    /// <summary>Numbers of header extensions; 0 when not agreed on.</summary>
    public int AbsSendTimeId { get; init; }

    public int TransportSequenceId { get; init; }

    public int MidId { get; init; }

    public int PlayoutDelayId { get; init; }

    public string Mid { get; init; } = "0";

    public bool ReducedSize { get; init; }

    /// <summary>The format that is sent.</summary>
    public SDPAudioVideoMediaFormat SendFormat => Formats[0];

    public int SendRepairType => RepairTypes.GetValueOrDefault(SendFormat.ID);

    // Asked for with each frame, so worked out once.
    public bool SendsH264 => _sendsH264 ??= SendFormat.Name().Equals("H264", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether small NAL units may share a packet: packetization-mode 1.</summary>
    public bool MayAggregate => _mayAggregate ??= H264Parameters.Mode(SendFormat.Fmtp) == "1";

    public VideoFormat VideoFormatOf(int payloadType)
    {
        foreach (var format in _videoFormats ??= Formats.ConvertAll(format => format.ToVideoFormat()))
        {
            if (format.FormatID == payloadType)
            {
                return format;
            }
        }

        return VideoFormat.Empty;
    }
}
