using Ball.Pictures;

namespace Ball.Link.RawFrames;

/// <summary>A whole frame that arrived; its pixels are good until the next message.</summary>
public readonly ref struct RawFrame(RawFrameHeader header, ReadOnlySpan<byte> pixels)
{
    public RawFrameHeader Header { get; } = header;

    public ReadOnlySpan<byte> Pixels { get; } = pixels;

    public PictureView Picture => new(Pixels, Header.Layout);
}
