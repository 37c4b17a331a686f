namespace SIPSorceryMedia.Abstractions;

/// <summary>A video codec with its payload type and parameters.</summary>
public struct VideoFormat
{
    /// <summary>Lowest dynamic payload type.</summary>
    public const int DYNAMIC_ID_MIN = 96;

    /// <summary>Highest dynamic payload type.</summary>
    public const int DYNAMIC_ID_MAX = 127;

    /// <summary>Ticks of a video RTP timestamp in a second.</summary>
    public const int DEFAULT_CLOCK_RATE = 90000;

    /// <summary>No format.</summary>
    public static readonly VideoFormat Empty = new() { ClockRate = DEFAULT_CLOCK_RATE };

    private readonly bool _isSet;

    /// <summary>A codec under a payload type.</summary>
    public VideoFormat(VideoCodecsEnum codec, int formatID, int clockRate = DEFAULT_CLOCK_RATE, string? parameters = null)
        : this(formatID, codec.ToString(), clockRate, parameters)
    {
    }

    /// <summary>A copy.</summary>
    public VideoFormat(VideoFormat format)
        : this(format.FormatID, format.FormatName, format.ClockRate, format.Parameters)
    {
    }

    /// <summary>A codec by name under a payload type.</summary>
    public VideoFormat(int formatID, string formatName, int clockRate = DEFAULT_CLOCK_RATE, string? parameters = null)
    {
        if (formatID is < 0 or > DYNAMIC_ID_MAX)
        {
            throw new ApplicationException($"The format ID of a VideoFormat must be from 0 to {DYNAMIC_ID_MAX}, not {formatID}.");
        }

        if (string.IsNullOrWhiteSpace(formatName))
        {
            throw new ApplicationException("A VideoFormat needs a name.");
        }

        if (clockRate <= 0)
        {
            throw new ApplicationException($"The clock rate of a VideoFormat must be above 0, not {clockRate}.");
        }

        FormatID = formatID;
        FormatName = formatName;
        ClockRate = clockRate;
        Parameters = parameters;
        Codec = Enum.TryParse<VideoCodecsEnum>(formatName, true, out var codec) ? codec : VideoCodecsEnum.Unknown;
        _isSet = true;
    }

    /// <summary>The codec.</summary>
    public VideoCodecsEnum Codec { get; set; }

    /// <summary>The payload type.</summary>
    public int FormatID { get; set; }

    /// <summary>The codec's name in SDP.</summary>
    public string FormatName { get; set; }

    /// <summary>Ticks of the RTP timestamp in a second.</summary>
    public int ClockRate { get; set; }

    /// <summary>The value of the SDP attribute <c>fmtp</c>, if any.</summary>
    public string? Parameters { get; set; }

    /// <summary>True for <see cref="Empty"/>.</summary>
    public readonly bool IsEmpty() => !_isSet;
}
