using Ball.Media;
using Ball.World;

namespace BallServer.Streaming;

/// <summary>Everything about the stream that may change while it runs.</summary>
internal sealed record StreamSettings
{
    public WorldOptions World { get; init; } = new();

    public double Fps { get; init; } = 30;

    /// <summary>Bits a second that the encoder aims at; less where a peer's way is narrower.</summary>
    public int Bitrate { get; init; } = 1_500_000;

    /// <summary>What is wrong with the settings, in one line, or null.</summary>
    public string? Problem =>
        World.Problem
        ?? (Fps is >= FrameRate.Min and <= FrameRate.Max
            ? null
            : $"A frame rate is {FrameRate.Min} to {FrameRate.Max} a second, not {Fps}.")
        ?? (Bitrate is >= H264EncoderOptions.MinBitrate and <= H264EncoderOptions.MaxBitrate
            ? null
            : $"A bitrate is {H264EncoderOptions.MinBitrate / 1000}k to {H264EncoderOptions.MaxBitrate / 1000}k, "
                + $"not {Bitrate / 1000}k.");
}
