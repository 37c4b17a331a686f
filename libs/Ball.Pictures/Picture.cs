namespace Ball.Pictures;

/// <summary>A picture with memory of its own, made once and used again for frame after frame.</summary>
public sealed class Picture
{
    public Picture(PictureLayout layout)
    {
        if (!layout.IsValid)
            throw new ArgumentException($"No such picture: {layout}.", nameof(layout));
        Layout = layout;
        Bytes = GC.AllocateUninitializedArray<byte>(layout.ByteCount, pinned: true);
    }

    public Picture(int width, int height, PixelFormat format) : this(PictureLayout.Packed(width, height, format))
    {
    }

    /// <summary>The pixels; pinned, so native code may hold on to them while the picture lives.</summary>
    public byte[] Bytes { get; }

    public PictureLayout Layout { get; }

    public PictureView View => new(Bytes, Layout);

    public Span<byte> Y => Bytes.AsSpan(0, Layout.Stride * Layout.Height);

    public Span<byte> U => Bytes.AsSpan(Layout.Stride * Layout.Height, Layout.Stride * Layout.Height / 4);

    public Span<byte> V => Bytes.AsSpan(Layout.Stride * Layout.Height * 5 / 4, Layout.Stride * Layout.Height / 4);
}
