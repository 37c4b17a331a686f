namespace OpenCvSharp;

/// <summary>What one element of a <see cref="Mat"/> is: a depth and a number of channels.</summary>
public readonly record struct MatType(int value)
{
    /// <summary>Depths: unsigned and signed bytes, shorts, ints, floats and doubles.</summary>
    public const int CV_8U = 0, CV_8S = 1, CV_16U = 2, CV_16S = 3, CV_32S = 4, CV_32F = 5, CV_64F = 6;

    public static readonly MatType
        CV_8UC1 = CV_8UC(1), CV_8UC2 = CV_8UC(2), CV_8UC3 = CV_8UC(3), CV_8UC4 = CV_8UC(4),
        CV_8SC1 = CV_8SC(1), CV_8SC2 = CV_8SC(2), CV_8SC3 = CV_8SC(3), CV_8SC4 = CV_8SC(4),
        CV_16UC1 = CV_16UC(1), CV_16UC2 = CV_16UC(2), CV_16UC3 = CV_16UC(3), CV_16UC4 = CV_16UC(4),
        CV_16SC1 = CV_16SC(1), CV_16SC2 = CV_16SC(2), CV_16SC3 = CV_16SC(3), CV_16SC4 = CV_16SC(4),
        CV_32SC1 = CV_32SC(1), CV_32SC2 = CV_32SC(2), CV_32SC3 = CV_32SC(3), CV_32SC4 = CV_32SC(4),
        CV_32FC1 = CV_32FC(1), CV_32FC2 = CV_32FC(2), CV_32FC3 = CV_32FC(3), CV_32FC4 = CV_32FC(4),
        CV_64FC1 = CV_64FC(1), CV_64FC2 = CV_64FC(2), CV_64FC3 = CV_64FC(3), CV_64FC4 = CV_64FC(4);

    private const int ChannelShift = 3;
    private const int MaxChannels = 512;

    public int Value => value;

    public int Depth => value & ((1 << ChannelShift) - 1);

    public int Channels => (value >> ChannelShift) + 1;

    public bool IsInteger => Depth < CV_32F;

    /// <summary>Bytes of one channel.</summary>
    internal int ChannelSize => Depth switch
    {
        CV_8U or CV_8S => 1,
        CV_16U or CV_16S => 2,
        CV_32S or CV_32F => 4,
        _ => 8,
    };

    /// <summary>Bytes of one element.</summary>
    internal int ElementSize => ChannelSize * Channels;

    internal bool IsKnown => value >= 0 && Depth <= CV_64F && Channels <= MaxChannels;

    public static MatType CV_8UC(int ch) => MakeType(CV_8U, ch);

    public static MatType CV_8SC(int ch) => MakeType(CV_8S, ch);

    public static MatType CV_16UC(int ch) => MakeType(CV_16U, ch);

    public static MatType CV_16SC(int ch) => MakeType(CV_16S, ch);

    public static MatType CV_32SC(int ch) => MakeType(CV_32S, ch);

    public static MatType CV_32FC(int ch) => MakeType(CV_32F, ch);

    public static MatType CV_64FC(int ch) => MakeType(CV_64F, ch);

    public static MatType MakeType(int depth, int channels)
    {
        if (channels is <= 0 or > MaxChannels)
            throw new OpenCvSharpException($"A Mat has 1 to {MaxChannels} channels, not {channels}.");
        if (depth is < CV_8U or > CV_64F)
            throw new OpenCvSharpException($"There is no depth {depth}.");
        return new MatType(depth + ((channels - 1) << ChannelShift));
    }

    public static MatType FromInt32(int value) => new(value);

    public int ToInt32() => value;

    public static implicit operator MatType(int value) => new(value);

    public static explicit operator int(MatType self) => self.value;

    public static bool operator ==(MatType self, int other) => self.value == other;

    public static bool operator !=(MatType self, int other) => self.value != other;

    public override string ToString()
    {
        var depth = Depth switch
        {
            CV_8U => "CV_8U",
            CV_8S => "CV_8S",
            CV_16U => "CV_16U",
            CV_16S => "CV_16S",
            CV_32S => "CV_32S",
            CV_32F => "CV_32F",
            CV_64F => "CV_64F",
            _ => $"CV_USRTYPE{Depth}",
        };
        return Channels <= 4 ? $"{depth}C{Channels}" : $"{depth}C({Channels})";
    }
}
