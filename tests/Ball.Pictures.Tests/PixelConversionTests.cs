using FsCheck;
using FsCheck.Fluent;

namespace Ball.Pictures.Tests;

public sealed class PixelConversionTests
{
    private static readonly PixelFormat[] s_formats = [PixelFormat.I420, PixelFormat.Bgr24, PixelFormat.Gray8];

    private static readonly Arbitrary<(PictureLayout From, PictureLayout To, int Seed)> s_anyConversion = Arb.From(
        from width in Gen.Choose(1, 80)
        from height in Gen.Choose(1, 12)
        from padding in Gen.Choose(0, 40)
        from otherPadding in Gen.Choose(0, 40)
        from source in Gen.Elements(s_formats)
        from target in Gen.Elements(s_formats)
        from seed in Gen.Choose(0, int.MaxValue)
        select (
            Padded(width * 2, height * 2, source, padding * 2), Padded(width * 2, height * 2, target, otherPadding * 2), seed));

    [Fact]
    public void Any_size_and_stride_converts_as_pixel_by_pixel_does_to_one_level() => Prop.ForAll(s_anyConversion, conversion =>
    {
        var source = Noise(conversion.From, conversion.Seed);
        var target = new Picture(conversion.To);
        target.Bytes.AsSpan().Fill(0xA5);
        PixelConversion.Convert(source.View, target);
        AssertClose(source.View, target.View);
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(2000));

    [Fact]
    public void Every_luma_and_every_gray_converts_to_one_level()
    {
        var all = new Picture(256, 2, PixelFormat.I420);
        for (var i = 0; i < 512; i++)
            all.Y[i] = (byte)i;
        all.U.Fill(128);
        all.V.Fill(128);
        var gray = new Picture(256, 2, PixelFormat.Gray8);
        PixelConversion.Convert(all.View, gray);
        AssertClose(all.View, gray.View);
        Assert.Equal((0, 0, 255, 255), (gray.Bytes[0], gray.Bytes[16], gray.Bytes[235], gray.Bytes[255]));
        for (var i = 0; i < 512; i++)
            gray.Bytes[i] = (byte)i;
        PixelConversion.Convert(gray.View, all);
        AssertClose(gray.View, all.View);
        Assert.Equal((16, 235), (all.Y[0], all.Y[255]));
    }

    [Fact]
    public void Every_combination_of_luma_and_chroma_becomes_the_right_colour()
    {
        // 256 lumas along x, 64 x 64 chroma pairs below each other.
        var source = new Picture(256, 2, PixelFormat.I420);
        var target = new Picture(256, 2, PixelFormat.Bgr24);
        for (var i = 0; i < 512; i++)
            source.Y[i] = (byte)i;
        for (var u = 0; u < 256; u += 4)
        {
            for (var v = 0; v < 256; v += 4)
            {
                source.U.Fill((byte)(u == 252 ? 255 : u));
                source.V.Fill((byte)(v == 252 ? 255 : v));
                PixelConversion.Convert(source.View, target);
                AssertClose(source.View, target.View);
            }
        }
    }

    [Fact]
    public void Colours_survive_the_way_there_and_back()
    {
        var colours = new Picture(64, 64, PixelFormat.Bgr24);
        for (var y = 0; y < 64; y++)
        {
            for (var x = 0; x < 64; x++)
            {
                var at = y * 192 + x * 3;
                colours.Bytes[at] = (byte)(x / 2 * 8);
                colours.Bytes[at + 1] = (byte)(y / 2 * 8);
                colours.Bytes[at + 2] = (byte)(255 - x / 2 * 4);
            }
        }
        var yuv = new Picture(64, 64, PixelFormat.I420);
        var back = new Picture(64, 64, PixelFormat.Bgr24);
        PixelConversion.Convert(colours.View, yuv);
        PixelConversion.Convert(yuv.View, back);
        for (var i = 0; i < back.Bytes.Length; i++)
            Assert.InRange(back.Bytes[i] - colours.Bytes[i], -4, 4);
    }

    [Fact]
    public void Sizes_that_differ_and_memory_that_is_short_are_refused()
    {
        var source = new Picture(32, 32, PixelFormat.Bgr24);
        Assert.Throws<ArgumentException>(() => PixelConversion.Convert(source.View, new Picture(32, 34, PixelFormat.I420)));
        Assert.Throws<ArgumentException>(() => PixelConversion.Convert(
            source.View, new byte[32 * 32 - 1], PictureLayout.Packed(32, 32, PixelFormat.Gray8)));
        Assert.Throws<ArgumentException>(() => PixelConversion.Convert(source.View, new byte[9999], default));
    }

    [Fact]
    public void Converting_allocates_nothing()
    {
        var pictures = s_formats.Select(format => new Picture(64, 48, format)).ToArray();
        ConvertAll();
        var before = GC.GetAllocatedBytesForCurrentThread();
        ConvertAll();
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());

        void ConvertAll()
        {
            foreach (var from in pictures)
            {
                foreach (var to in pictures)
                    PixelConversion.Convert(from.View, to);
            }
        }
    }

    private static PictureLayout Padded(int width, int height, PixelFormat format, int padding)
    {
        var packed = PictureLayout.Packed(width, height, format);
        return packed with { Stride = packed.Stride + padding };
    }

    private static Picture Noise(PictureLayout layout, int seed)
    {
        var picture = new Picture(layout);
        new Random(seed).NextBytes(picture.Bytes);
        return picture;
    }

    private static void AssertClose(PictureView source, PictureView target)
    {
        for (var y = 0; y < source.Height; y++)
        {
            for (var x = 0; x < source.Width; x++)
                AssertPixel(source, target, x, y);
            var used = target.Format == PixelFormat.Bgr24 ? target.Width * 3 : target.Width;
            var beyond = target.Bytes[(y * target.Stride + used)..((y + 1) * target.Stride)];
            Assert.True(beyond.IsEmpty || beyond.IndexOfAnyExcept((byte)0xA5) < 0);
        }
    }

    private static void AssertPixel(PictureView source, PictureView target, int x, int y)
    {
        switch (source.Format, target.Format)
        {
            case (PixelFormat.I420, PixelFormat.Bgr24):
                var expected = Bt601.Bgr(Luma(source, x, y), Cb(source, x, y), Cr(source, x, y));
                Near(expected.B, Channel(target, x, y, 0));
                Near(expected.G, Channel(target, x, y, 1));
                Near(expected.R, Channel(target, x, y, 2));
                break;
            case (PixelFormat.Bgr24, PixelFormat.I420):
                Near(Bt601.Y(Channel(source, x, y, 0), Channel(source, x, y, 1), Channel(source, x, y, 2)), Luma(target, x, y));
                var (b, g, r) = (Mean(source, x, y, 0), Mean(source, x, y, 1), Mean(source, x, y, 2));
                Near(Bt601.U(b, g, r), Cb(target, x, y));
                Near(Bt601.V(b, g, r), Cr(target, x, y));
                break;
            case (PixelFormat.Bgr24, PixelFormat.Gray8):
                var gray = Bt601.Gray(Channel(source, x, y, 0), Channel(source, x, y, 1), Channel(source, x, y, 2));
                Near(gray, Luma(target, x, y));
                break;
            case (PixelFormat.I420, PixelFormat.Gray8):
                Near(Bt601.GrayFromY(Luma(source, x, y)), Luma(target, x, y));
                break;
            case (PixelFormat.Gray8, PixelFormat.Bgr24):
                for (var channel = 0; channel < 3; channel++)
                    Assert.Equal(Luma(source, x, y), Channel(target, x, y, channel));
                break;
            case (PixelFormat.Gray8, PixelFormat.I420):
                Near(Bt601.YFromGray(Luma(source, x, y)), Luma(target, x, y));
                Assert.Equal((128, 128), (Cb(target, x, y), Cr(target, x, y)));
                break;
            case (PixelFormat.Bgr24, PixelFormat.Bgr24):
                Assert.Equal(Channel(source, x, y, x % 3), Channel(target, x, y, x % 3));
                break;
            default:
                Assert.Equal(Luma(source, x, y), Luma(target, x, y));
                if (source.Format == PixelFormat.I420)
                    Assert.Equal((Cb(source, x, y), Cr(source, x, y)), (Cb(target, x, y), Cr(target, x, y)));
                break;
        }
    }

    private static void Near(int expected, int actual)
    {
        if (Math.Abs(expected - actual) > 1)
            Assert.Equal(expected, actual);
    }

    private static byte Luma(PictureView picture, int x, int y) => picture.Y[y * picture.Stride + x];

    private static byte Cb(PictureView picture, int x, int y) => picture.U[y / 2 * (picture.Stride / 2) + x / 2];

    private static byte Cr(PictureView picture, int x, int y) => picture.V[y / 2 * (picture.Stride / 2) + x / 2];

    private static byte Channel(PictureView picture, int x, int y, int channel) =>
        picture.Bytes[y * picture.Stride + x * 3 + channel];

    private static byte Mean(PictureView picture, int x, int y, int channel)
    {
        (x, y) = (x & ~1, y & ~1);
        return (byte)(Channel(picture, x, y, channel) + Channel(picture, x + 1, y, channel)
            + Channel(picture, x, y + 1, channel) + Channel(picture, x + 1, y + 1, channel) + 2 >> 2);
    }
}
