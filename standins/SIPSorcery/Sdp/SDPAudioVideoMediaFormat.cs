using System.Globalization;
using SIPSorceryMedia.Abstractions;

namespace SIPSorcery.Net;

/// <summary>A payload type of an audio or video m-line with its <c>rtpmap</c> and <c>fmtp</c>.</summary>
public struct SDPAudioVideoMediaFormat
{
    /// <summary>Lowest dynamic payload type.</summary>
    public const int DYNAMIC_ID_MIN = 96;

    /// <summary>Highest dynamic payload type.</summary>
    public const int DYNAMIC_ID_MAX = 127;

    /// <summary>No format.</summary>
    public static readonly SDPAudioVideoMediaFormat Empty;

    private readonly bool _isSet;

    /// <summary>A format as SDP has it.</summary>
    public SDPAudioVideoMediaFormat(SDPMediaTypesEnum kind, int id, string? rtpmap, string? fmtp = null)
    {
        Kind = kind;
        ID = id;
        Rtpmap = rtpmap;
        Fmtp = fmtp;
        _isSet = true;
    }

    /// <summary>A format by name and clock rate.</summary>
    public SDPAudioVideoMediaFormat(
        SDPMediaTypesEnum kind, int id, string name, int clockRate, int channels = 1, string? fmtp = null)
        : this(kind, id, channels > 1 ? $"{name}/{clockRate}/{channels}" : $"{name}/{clockRate}", fmtp)
    {
    }

    /// <summary>A video format.</summary>
    public SDPAudioVideoMediaFormat(VideoFormat videoFormat)
        : this(
            SDPMediaTypesEnum.video,
            videoFormat.FormatID,
            videoFormat.FormatName,
            videoFormat.ClockRate,
            fmtp: videoFormat.Parameters)
    {
    }

    /// <summary>Audio or video.</summary>
    public SDPMediaTypesEnum Kind { get; }

    /// <summary>The payload type.</summary>
    public int ID { get; }

    /// <summary>Name and clock rate, for example <c>H264/90000</c>.</summary>
    public string? Rtpmap { get; }

    /// <summary>The codec's parameters.</summary>
    public string? Fmtp { get; }

    /// <summary>True when nothing was set.</summary>
    public readonly bool IsEmpty() => !_isSet;

    /// <summary>The codec's name, in upper case as in SDP; empty when unknown.</summary>
    public readonly string Name() =>
        Rtpmap?.Split('/')[0].Trim() ?? (ID switch { 26 => "JPEG", 31 => "H261", 34 => "H263", _ => "" });

    /// <summary>Ticks of the RTP timestamp in a second.</summary>
    public readonly int ClockRate() =>
        Rtpmap?.Split('/') is [_, var rate, ..] &&
        int.TryParse(rate, NumberStyles.None, CultureInfo.InvariantCulture, out var value)
            ? value
            : VideoFormat.DEFAULT_CLOCK_RATE;

    /// <summary>The format as applications know it; <see cref="VideoFormat.Empty"/> when it is none for video.</summary>
    public readonly VideoFormat ToVideoFormat() =>
        Kind != SDPMediaTypesEnum.video || Name().Length == 0 || ClockRate() == 0 || ID is < 0 or > DYNAMIC_ID_MAX
            ? VideoFormat.Empty
            : new VideoFormat(ID, Name(), ClockRate(), Fmtp);

    /// <summary>
    /// True when a stream of one can be read as the other: same codec and clock, and for H.264 the same packetization
    /// mode and profile.
    /// </summary>
    public static bool AreMatch(SDPAudioVideoMediaFormat format1, SDPAudioVideoMediaFormat format2)
    {
        if (format1.Kind != format2.Kind || format1.Name().Length == 0 || format1.ClockRate() != format2.ClockRate() ||
            !format1.Name().Equals(format2.Name(), StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        return !format1.Name().Equals("H264", StringComparison.OrdinalIgnoreCase) ||
            H264Parameters.AreCompatible(format1.Fmtp, format2.Fmtp);
    }
}
