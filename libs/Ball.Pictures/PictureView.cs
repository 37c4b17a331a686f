namespace Ball.Pictures;

/// <summary>A picture somebody else owns, to read.</summary>
public readonly ref struct PictureView
{
    public PictureView(ReadOnlySpan<byte> bytes, PictureLayout layout)
    {
        if (!layout.IsValid)
            throw new ArgumentException($"No such picture: {layout}.", nameof(layout));
        if (bytes.Length < layout.ByteCount)
            throw new ArgumentException($"{layout} takes {layout.ByteCount} bytes, here are {bytes.Length}.", nameof(bytes));
        Bytes = bytes[..layout.ByteCount];
        Layout = layout;
    }

    public ReadOnlySpan<byte> Bytes { get; }

    public PictureLayout Layout { get; }

    public int Width => Layout.Width;

    public int Height => Layout.Height;

    public int Stride => Layout.Stride;

    public PixelFormat Format => Layout.Format;

    /// <summary>The luma plane of an I420 picture, or all of a packed one.</summary>
    public ReadOnlySpan<byte> Y => Bytes[..(Stride * Height)];

    /// <summary>The blue-difference plane of an I420 picture.</summary>
    public ReadOnlySpan<byte> U => Bytes.Slice(Stride * Height, Stride * Height / 4);

    /// <summary>The red-difference plane of an I420 picture.</summary>
    public ReadOnlySpan<byte> V => Bytes.Slice(Stride * Height * 5 / 4, Stride * Height / 4);
}
