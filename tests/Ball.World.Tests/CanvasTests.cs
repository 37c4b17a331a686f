using Ball.Pictures;

namespace Ball.World.Tests;

public sealed class CanvasTests
{
    private static readonly WorldOptions s_look = new() { Width = 320, Height = 240, Radius = 20 };

    [Theory]
    [InlineData(PixelFormat.I420, 320, 240)]
    [InlineData(PixelFormat.I420, 321, 241)]
    [InlineData(PixelFormat.Bgr24, 320, 240)]
    [InlineData(PixelFormat.Bgr24, 321, 241)]
    [InlineData(PixelFormat.Gray8, 320, 240)]
    [InlineData(PixelFormat.Gray8, 321, 241)]
    public void The_painted_centroid_is_the_truth_to_a_fiftieth_of_a_pixel(PixelFormat format, int width, int height)
    {
        var random = new Random(1);
        var canvas = new Canvas(format);
        var worst = 0.0;
        for (var i = 0; i < 400; i++)
        {
            var (ball, background) = (new Bgr(10, 235, 250), new Bgr(90, 20, 10));
            var radius = 6 + random.NextDouble() * 40;
            var look = s_look with { Width = width, Height = height, Radius = radius, Ball = ball, Background = background };
            var truth = Somewhere(random, look);
            foreach (var plane in Planes(canvas.Paint(look, truth)))
            {
                var found = Centroid(plane);
                // A chroma pixel is two wide, and so are its rounding errors: small balls are held to the luma's measure only.
                if (plane.Scale == 2 && look.Radius < 10)
                    continue;
                worst = Math.Max(worst, Math.Max(Math.Abs(found.X - truth.X), Math.Abs(found.Y - truth.Y)));
            }
        }
        Assert.True(worst <= 0.02, $"off by {worst:f4}");
    }

    [Theory]
    [InlineData(PixelFormat.I420)]
    [InlineData(PixelFormat.Bgr24)]
    [InlineData(PixelFormat.Gray8)]
    public void Redrawing_only_the_ball_gives_the_picture_that_painting_all_of_it_gives(PixelFormat format)
    {
        var random = new Random(2);
        Canvas[] rotating = [new(format), new(format), new(format)];
        for (var i = 0; i < 300; i++)
        {
            // Now and then out of the picture, in part or wholly, and in other colours.
            var at = new BallPosition(random.NextDouble() * 420 - 50, random.NextDouble() * 340 - 50);
            var look = s_look with { Radius = 1 + random.NextDouble() * 60, Ball = new Bgr((byte)(i / 100), 200, 255) };
            if (i > 200)
                look = look with { Background = new Bgr(200, 3, 3) };
            var kept = rotating[random.Next(3)].Paint(look, at);
            var fresh = new Canvas(format).Paint(look, at);
            Assert.True(kept.Bytes.SequenceEqual(fresh.Bytes), $"frame {i}");
        }
    }

    [Fact]
    public void Coverage_is_the_exact_area_to_a_hundredth()
    {
        var random = new Random(3);
        var row = new DiscRow();
        for (var i = 0; i < 200; i++)
        {
            var (x, y, radius) = (20 + random.NextDouble(), random.NextDouble() * 30 - 15, 3 + random.NextDouble() * 15);
            row.Measure(x, y, radius, 48);
            for (var pixel = 0; pixel < 48; pixel++)
                Assert.Equal(Area(x - pixel, y, radius), row.Values[pixel], 0.01);
        }
    }

    [Fact]
    public void Rows_with_padding_are_painted_within_their_width()
    {
        foreach (var format in Enum.GetValues<PixelFormat>())
        {
            var packed = PictureLayout.Packed(320, 240, format);
            var padded = new Picture(packed with { Stride = packed.Stride + 62 });
            padded.Bytes.AsSpan().Fill(77);
            var canvas = new Canvas(padded);
            canvas.Paint(s_look, new BallPosition(40, 40));
            canvas.Paint(s_look, new BallPosition(290.3, 217.4));
            var other = new Canvas(format);
            other.Paint(s_look, new BallPosition(290.3, 217.4));
            var width = packed.Stride;
            for (var y = 0; y < 240; y++)
            {
                var line = padded.Bytes.AsSpan(y * padded.Layout.Stride, padded.Layout.Stride);
                Assert.True(line[..width].SequenceEqual(other.Picture!.Bytes.AsSpan(y * width, width)));
                Assert.Equal(-1, line[width..].IndexOfAnyExcept((byte)77));
            }
        }
    }

    [Theory]
    [InlineData(PixelFormat.I420, 322, 242)]
    [InlineData(PixelFormat.Bgr24, 321, 241)]
    [InlineData(PixelFormat.Gray8, 321, 241)]
    public void Only_where_chroma_is_halved_odd_sides_get_a_row_and_a_column_more(PixelFormat format, int width, int height)
    {
        var layout = new Canvas(format).Paint(s_look with { Width = 321, Height = 241 }, new BallPosition(100, 100)).Layout;
        Assert.Equal(PictureLayout.Packed(width, height, format), layout);
    }

    [Fact]
    public void A_new_size_gets_a_new_picture()
    {
        var canvas = new Canvas(PixelFormat.I420);
        canvas.Paint(s_look, new BallPosition(100, 100));
        var picture = canvas.Paint(s_look with { Width = 64, Height = 48, Radius = 5 }, new BallPosition(30, 20));
        Assert.Equal((64, 48), (picture.Width, picture.Height));
    }

    [Fact]
    public void Painting_allocates_nothing()
    {
        Canvas[] canvases = [new(PixelFormat.I420), new(PixelFormat.Bgr24), new(PixelFormat.Gray8)];
        Paint();
        var before = GC.GetAllocatedBytesForCurrentThread();
        Paint();
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());

        void Paint()
        {
            for (var i = 0; i < 100; i++)
            {
                foreach (var canvas in canvases)
                    canvas.Paint(s_look, new BallPosition(30 + i * 1.3, 40 + i * 0.7));
            }
        }
    }

    private static BallPosition Somewhere(Random random, WorldOptions look) => new(
        look.Radius - 0.5 + random.NextDouble() * (look.Width - 2 * look.Radius),
        look.Radius - 0.5 + random.NextDouble() * (look.Height - 2 * look.Radius));

    private static List<Plane> Planes(PictureView picture)
    {
        if (picture.Format != PixelFormat.Bgr24)
        {
            var planes = new List<Plane> { Plane.Of(picture.Y, picture.Stride, picture.Height, 1, 0, 1) };
            if (picture.Format == PixelFormat.I420)
            {
                planes.Add(Plane.Of(picture.U, picture.Stride / 2, picture.Height / 2, 1, 0, 2));
                planes.Add(Plane.Of(picture.V, picture.Stride / 2, picture.Height / 2, 1, 0, 2));
            }
            return planes;
        }
        return BgrPlanes(picture);
    }

    private static List<Plane> BgrPlanes(PictureView picture)
    {
        var planes = new List<Plane>();
        for (var channel = 0; channel < 3; channel++)
            planes.Add(Plane.Of(picture.Bytes, picture.Stride, picture.Height, 3, channel, 1));
        return planes;
    }

    private static BallPosition Centroid(Plane plane)
    {
        double sum = 0, sumX = 0, sumY = 0;
        var background = plane.Values[0];
        for (var i = 0; i < plane.Values.Length; i++)
        {
            var weight = plane.Values[i] - background;
            sum += weight;
            sumX += weight * (i % plane.Width);
            sumY += weight * (i / plane.Width);
        }
        // The centre of a chroma pixel lies between two luma pixels.
        var shift = plane.Scale == 2 ? 0.5 : 0;
        return new BallPosition(sumX / sum * plane.Scale + shift, sumY / sum * plane.Scale + shift);
    }

    /// <summary>The area of a disc around (x, y) within the unit square, by very fine lines.</summary>
    private static double Area(double x, double y, double radius)
    {
        const int lines = 2000;
        var sum = 0.0;
        for (var i = 0; i < lines; i++)
        {
            var dy = (i + 0.5) / lines - y;
            var half = Math.Sqrt(Math.Max(0, radius * radius - dy * dy));
            sum += Math.Max(0, Math.Min(1, x + half) - Math.Max(0, x - half));
        }
        return sum / lines;
    }

    private sealed record Plane(byte[] Values, int Width, int Scale)
    {
        public static Plane Of(ReadOnlySpan<byte> bytes, int stride, int height, int step, int offset, int scale)
        {
            var width = stride / step;
            var values = new byte[width * height];
            for (var i = 0; i < values.Length; i++)
                values[i] = bytes[i / width * stride + i % width * step + offset];
            return new Plane(values, width, scale);
        }
    }
}
