namespace Ball.Vision.Centroid;

/// <summary>One channel of a picture, to read. A chroma plane has half the size; its pixel centres lie between luma's.</summary>
internal readonly ref struct Plane(ReadOnlySpan<byte> bytes, int width, int height, int stride, int scale)
{
    public ReadOnlySpan<byte> Bytes { get; } = bytes;

    public int Width { get; } = width;

    public int Height { get; } = height;

    public int Stride { get; } = stride;

    /// <summary>How many pixels of the picture one pixel of this plane is wide.</summary>
    public int Scale { get; } = scale;

    public Box Bounds => new(0, 0, Width, Height);

    public ReadOnlySpan<byte> Row(int y) => Bytes.Slice(y * Stride, Width);

    /// <summary>A place in this plane as a place in the picture.</summary>
    public double ToPicture(double coordinate) => (coordinate * Scale) + ((Scale - 1) * 0.5);
}
