using Ball.Pictures;

namespace Ball.World;

/// <summary>
/// A picture that remembers what is painted on it, so that from one frame to the next only the ball is redrawn: where it was and
/// where it is. Several canvases may rotate; each knows its own last ball. Anti-aliased by area at sub-pixel positions.
/// </summary>
public sealed class Canvas
{
    private readonly PixelFormat _format;
    private readonly DiscRow _upper = new();
    private readonly DiscRow _lower = new();
    private Picture? _picture;
    private Bgr? _background;
    private Box _last;
    private byte[] _ballLine = [];
    private Bgr _ballLineColour;

    /// <summary>A canvas that makes its own picture, and another one when the world's size changes.</summary>
    public Canvas(PixelFormat format) => _format = format;

    /// <summary>A canvas on a picture of somebody's, with a stride of its own perhaps, while the world has that size.</summary>
    public Canvas(Picture picture) : this(picture.Layout.Format) => _picture = picture;

    /// <summary>The picture, once something is painted.</summary>
    public Picture? Picture => _picture;

    /// <summary>
    /// The picture that a world takes. I420 has even sides, so where the world's are odd its picture has a column or row more.
    /// </summary>
    public static PictureLayout LayoutOf(WorldOptions world, PixelFormat format) => format == PixelFormat.I420
        ? PictureLayout.Packed((world.Width + 1) & ~1, (world.Height + 1) & ~1, format)
        : PictureLayout.Packed(world.Width, world.Height, format);

    /// <summary>Somebody else drew on the picture: the next time all of it is painted.</summary>
    public void Forget() => _background = null;

    /// <summary>
    /// Paints the ball at a position; radius, size and colours are the world's. Valid until painted upon again.
    /// </summary>
    public PictureView Paint(WorldOptions world, BallPosition ball)
    {
        var layout = LayoutOf(world, _format);
        if (_picture is null || _picture.Layout.Width != layout.Width || _picture.Layout.Height != layout.Height)
        {
            _picture = new Picture(layout.Width, layout.Height, _format);
            Forget();
        }
        var box = Box.Around(ball, world.Radius, _picture.Layout);
        if (_background != world.Background)
            Clear(_picture, new Box(0, 0, layout.Width, layout.Height), world.Background);
        else
            Clear(_picture, _last, world.Background);
        _background = world.Background;
        _last = box;
        if (box.IsEmpty)
            return _picture.View;

        switch (_format)
        {
            case PixelFormat.I420:
                DrawI420(_picture, world, ball, box);
                break;
            case PixelFormat.Bgr24:
                DrawBgr(_picture, world, ball, box);
                break;
            default:
                DrawGray(_picture, world, ball, box);
                break;
        }
        return _picture.View;
    }

    private static void Clear(Picture picture, Box box, Bgr colour)
    {
        var (b, g, r) = (colour.B, colour.G, colour.R);
        var stride = picture.Layout.Stride;
        switch (picture.Layout.Format)
        {
            case PixelFormat.I420:
                Fill(picture.Y, stride, box, Bt601.Y(b, g, r));
                Fill(picture.U, stride / 2, box.Halved, Bt601.U(b, g, r));
                Fill(picture.V, stride / 2, box.Halved, Bt601.V(b, g, r));
                break;
            case PixelFormat.Bgr24:
                FillBgr(picture.Bytes, stride, box, colour);
                break;
            default:
                Fill(picture.Bytes, stride, box, Bt601.Gray(b, g, r));
                break;
        }
    }

    private static void Fill(Span<byte> plane, int stride, Box box, byte value)
    {
        for (var row = box.Top; row < box.Bottom; row++)
            plane.Slice(row * stride + box.Left, box.Width).Fill(value);
    }

    private static void FillBgr(Span<byte> pixels, int stride, Box box, Bgr colour)
    {
        if (box.IsEmpty)
            return;
        var first = pixels.Slice(box.Top * stride + box.Left * 3, box.Width * 3);
        Repeat(first, colour);
        for (var row = box.Top + 1; row < box.Bottom; row++)
            first.CopyTo(pixels[(row * stride + box.Left * 3)..]);
    }

    private static void Repeat(Span<byte> line, Bgr colour)
    {
        (line[0], line[1], line[2]) = (colour.B, colour.G, colour.R);
        for (var done = 3; done < line.Length; done *= 2)
            line[..Math.Min(done, line.Length - done)].CopyTo(line[done..]);
    }

    private void DrawGray(Picture picture, WorldOptions world, BallPosition ball, Box box)
    {
        var ink = new Ink(Gray(world.Background), Gray(world.Ball));
        for (var row = box.Top; row < box.Bottom; row++)
        {
            Measure(_upper, world, ball, box, row);
            ink.Draw(picture.Bytes.AsSpan(row * picture.Layout.Stride + box.Left, box.Width), _upper);
        }
    }

    private void DrawI420(Picture picture, WorldOptions world, BallPosition ball, Box box)
    {
        var (back, front) = (world.Background, world.Ball);
        var y = new Ink(Bt601.Y(back.B, back.G, back.R), Bt601.Y(front.B, front.G, front.R));
        var u = new Ink(Bt601.U(back.B, back.G, back.R), Bt601.U(front.B, front.G, front.R));
        var v = new Ink(Bt601.V(back.B, back.G, back.R), Bt601.V(front.B, front.G, front.R));
        var stride = picture.Layout.Stride;
        for (var row = box.Top; row < box.Bottom; row += 2)
        {
            Measure(_upper, world, ball, box, row);
            Measure(_lower, world, ball, box, row + 1);
            y.Draw(picture.Y.Slice(row * stride + box.Left, box.Width), _upper);
            y.Draw(picture.Y.Slice((row + 1) * stride + box.Left, box.Width), _lower);
            var chroma = row / 2 * (stride / 2) + box.Left / 2;
            u.DrawHalved(picture.U.Slice(chroma, box.Width / 2), _upper, _lower);
            v.DrawHalved(picture.V.Slice(chroma, box.Width / 2), _upper, _lower);
        }
    }

    private void DrawBgr(Picture picture, WorldOptions world, BallPosition ball, Box box)
    {
        if (_ballLine.Length < box.Width * 3 || _ballLineColour != world.Ball)
        {
            _ballLine = new byte[Math.Max(_ballLine.Length, box.Width * 3 + 96)];
            _ballLineColour = world.Ball;
            Repeat(_ballLine, world.Ball);
        }
        var b = new Ink(world.Background.B, world.Ball.B);
        var g = new Ink(world.Background.G, world.Ball.G);
        var r = new Ink(world.Background.R, world.Ball.R);
        for (var row = box.Top; row < box.Bottom; row++)
        {
            Measure(_upper, world, ball, box, row);
            var line = picture.Bytes.AsSpan(row * picture.Layout.Stride + box.Left * 3, box.Width * 3);
            _ballLine.AsSpan(0, (_upper.SolidTo - _upper.SolidFrom) * 3).CopyTo(line[(_upper.SolidFrom * 3)..]);
            MixBgr(line, _upper.From, _upper.SolidFrom);
            MixBgr(line, _upper.SolidTo, _upper.To);
        }

        void MixBgr(Span<byte> line, int from, int to)
        {
            for (var i = from; i < to; i++)
            {
                var covered = _upper.Values[i];
                line[i * 3] = b.Mix(covered);
                line[i * 3 + 1] = g.Mix(covered);
                line[i * 3 + 2] = r.Mix(covered);
            }
        }
    }

    private static void Measure(DiscRow to, WorldOptions world, BallPosition ball, Box box, int row) =>
        to.Measure(ball.X + 0.5 - box.Left, ball.Y + 0.5 - row, world.Radius, box.Width);

    private static byte Gray(Bgr colour) => Bt601.Gray(colour.B, colour.G, colour.R);

    /// <summary>Pixels from Left up to Right, and Top up to Bottom, without those. In I420 on even numbers.</summary>
    private readonly record struct Box(int Left, int Top, int Right, int Bottom)
    {
        public int Width => Right - Left;

        public bool IsEmpty => Right <= Left || Bottom <= Top;

        public Box Halved => new(Left / 2, Top / 2, Right / 2, Bottom / 2);

        public static Box Around(BallPosition ball, double radius, PictureLayout picture)
        {
            var even = picture.Format == PixelFormat.I420 ? ~1 : ~0;
            var odd = ~even;
            var left = Place(Math.Floor(ball.X - radius + 0.5), picture.Width) & even;
            var top = Place(Math.Floor(ball.Y - radius + 0.5), picture.Height) & even;
            var right = Place(Math.Ceiling(ball.X + radius + 0.5), picture.Width) + odd & even;
            var bottom = Place(Math.Ceiling(ball.Y + radius + 0.5), picture.Height) + odd & even;
            return right <= left || bottom <= top ? default : new Box(left, top, right, bottom);
        }

        private static int Place(double value, int limit) => (int)Math.Clamp(value, 0, limit);
    }
}
