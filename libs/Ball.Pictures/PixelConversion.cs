namespace Ball.Pictures;

/// <summary>
/// Pictures from one format to another, of any stride; BT.601, limited range in I420. Rounded as OpenCV's cvtColor rounds, to one
/// level. Chroma is the mean of the four pixels it stands for.
/// </summary>
public static class PixelConversion
{
    /// <summary>Converts, or copies when the formats are the same. Sizes must agree.</summary>
    public static void Convert(PictureView source, Picture destination) =>
        Convert(source, destination.Bytes, destination.Layout);

    /// <summary>Converts into memory of the given layout, or copies when the formats are the same. Sizes must agree.</summary>
    public static void Convert(PictureView source, Span<byte> destination, PictureLayout layout)
    {
        if (!layout.IsValid || layout.Width != source.Width || layout.Height != source.Height)
            throw new ArgumentException($"{source.Layout} does not fit into {layout}.", nameof(layout));
        if (destination.Length < layout.ByteCount)
            throw new ArgumentException(
                $"{layout} takes {layout.ByteCount} bytes, here are {destination.Length}.", nameof(destination));

        var target = new Planes(destination, layout);
        switch (source.Format, layout.Format)
        {
            case (PixelFormat.I420, PixelFormat.Bgr24):
                I420ToBgr(source, target);
                break;
            case (PixelFormat.Bgr24, PixelFormat.I420):
                BgrToI420(source, target);
                break;
            case (PixelFormat.I420, PixelFormat.Gray8):
                EachLine(source.Y, source, 1, target.All, layout, 1, Luma.ToGray);
                break;
            case (PixelFormat.Bgr24, PixelFormat.Gray8):
                EachLine(source.Bytes, source, 3, target.All, layout, 1, BgrLine.ToGray);
                break;
            case (PixelFormat.Gray8, PixelFormat.Bgr24):
                EachLine(source.Bytes, source, 1, target.All, layout, 3, BgrLine.FromGray);
                break;
            case (PixelFormat.Gray8, PixelFormat.I420):
                EachLine(source.Bytes, source, 1, target.Y, layout, 1, Luma.FromGray);
                target.FillChroma(128);
                break;
            default:
                Copy(source, target);
                break;
        }
    }

    private delegate void LineConversion(ReadOnlySpan<byte> from, Span<byte> to);

    private static void EachLine(
        ReadOnlySpan<byte> from, PictureView source, int bytesIn, Span<byte> to, PictureLayout layout, int bytesOut,
        LineConversion convert)
    {
        for (var y = 0; y < source.Height; y++)
            convert(from.Slice(y * source.Stride, source.Width * bytesIn), to.Slice(y * layout.Stride, layout.Width * bytesOut));
    }

    private static void I420ToBgr(PictureView source, Planes target)
    {
        var (width, half) = (source.Width, source.Width / 2);
        for (var y = 0; y < source.Height; y += 2)
        {
            var u = source.U.Slice(y / 2 * (source.Stride / 2), half);
            var v = source.V.Slice(y / 2 * (source.Stride / 2), half);
            BgrLine.FromYuv(source.Y.Slice(y * source.Stride, width), source.Y.Slice((y + 1) * source.Stride, width), u, v,
                target.Line(y, width * 3), target.Line(y + 1, width * 3));
        }
    }

    private static void BgrToI420(PictureView source, Planes target)
    {
        var (width, half) = (source.Width, source.Width / 2);
        var stride = target.Layout.Stride;
        for (var y = 0; y < source.Height; y += 2)
        {
            BgrLine.ToYuv(
                source.Bytes.Slice(y * source.Stride, width * 3), source.Bytes.Slice((y + 1) * source.Stride, width * 3),
                target.Y.Slice(y * stride, width), target.Y.Slice((y + 1) * stride, width),
                target.U.Slice(y / 2 * (stride / 2), half), target.V.Slice(y / 2 * (stride / 2), half));
        }
    }

    private static void Copy(PictureView source, Planes target)
    {
        var stride = target.Layout.Stride;
        var bytes = source.Format == PixelFormat.Bgr24 ? source.Width * 3 : source.Width;
        for (var y = 0; y < source.Height; y++)
            source.Bytes.Slice(y * source.Stride, bytes).CopyTo(target.All[(y * stride)..]);
        if (source.Format != PixelFormat.I420)
            return;
        for (var y = 0; y < source.Height / 2; y++)
        {
            source.U.Slice(y * (source.Stride / 2), bytes / 2).CopyTo(target.U[(y * (stride / 2))..]);
            source.V.Slice(y * (source.Stride / 2), bytes / 2).CopyTo(target.V[(y * (stride / 2))..]);
        }
    }

    /// <summary>The planes of a picture to write.</summary>
    private readonly ref struct Planes(Span<byte> bytes, PictureLayout layout)
    {
        public PictureLayout Layout { get; } = layout;

        public Span<byte> All { get; } = bytes[..layout.ByteCount];

        public Span<byte> Y => All[..(Layout.Stride * Layout.Height)];

        public Span<byte> U => All.Slice(Layout.Stride * Layout.Height, Layout.Stride * Layout.Height / 4);

        public Span<byte> V => All.Slice(Layout.Stride * Layout.Height * 5 / 4, Layout.Stride * Layout.Height / 4);

        public Span<byte> Line(int y, int bytes) => All.Slice(y * Layout.Stride, bytes);

        public void FillChroma(byte value)
        {
            for (var y = 0; y < Layout.Height / 2; y++)
            {
                U.Slice(y * (Layout.Stride / 2), Layout.Width / 2).Fill(value);
                V.Slice(y * (Layout.Stride / 2), Layout.Width / 2).Fill(value);
            }
        }
    }
}
