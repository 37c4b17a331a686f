namespace Ball.Media;

/// <summary>How a stream is encoded. The defaults are for the lowest delay.</summary>
public sealed record H264EncoderOptions
{
    public const int MinBitrate = 50_000;
    public const int MaxBitrate = 50_000_000;

    /// <summary>Bits a second to aim at; can change while encoding.</summary>
    public int Bitrate { get; init; } = 1_500_000;

    /// <summary>Frames a second that will come, for the rate control; can change while encoding.</summary>
    public double FrameRate { get; init; } = 30;

    /// <summary>Frames between keyframes; 0 makes one only at the start, on request and when the size changes.</summary>
    public int KeyframeInterval { get; init; }

    /// <summary>Whether the encoder may leave out frames to keep the bitrate.</summary>
    public bool MaySkipFrames { get; init; }

    /// <summary>
    /// The loop filter, for contents that look blocky without. A ball does not: off, it is found just as well at any bitrate from
    /// 60 kbit/s on, and encoding takes a sixth less time, decoding a quarter (measured from 640x480 to 1920x1080).
    /// </summary>
    public bool Deblocking { get; init; }

    /// <summary>
    /// Threads, and slices, for one frame. More than one costs more time in all, and pays for large pictures on idle cores.
    /// </summary>
    public int Threads { get; init; } = 1;

    internal void Validate()
    {
        if (Bitrate is < MinBitrate or > MaxBitrate)
            throw new ArgumentException($"A bitrate is {MinBitrate} to {MaxBitrate} bits a second, not {Bitrate}.");
        if (!(FrameRate is >= 1 and <= 1000))
            throw new ArgumentException($"A frame rate is 1 to 1000 a second, not {FrameRate}.");
        if (KeyframeInterval < 0)
            throw new ArgumentException($"A keyframe interval is 0 (never) or more, not {KeyframeInterval}.");
        if (Threads is < 1 or > 4)
            throw new ArgumentException($"An encoder has 1 to 4 threads, not {Threads}.");
    }
}
