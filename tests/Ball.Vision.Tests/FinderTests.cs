using Ball.Pictures;
using Ball.World;

namespace Ball.Vision.Tests;

/// <summary>What both finders have in common.</summary>
public sealed class FinderTests
{
    public static TheoryData<string, PixelFormat> AllFindersAndFormats
    {
        get
        {
            var all = new TheoryData<string, PixelFormat>();
            foreach (var finder in new[] { BallFinders.Hough, BallFinders.Centroid })
                foreach (var format in Enum.GetValues<PixelFormat>())
                    all.Add(finder, format);
            return all;
        }
    }

    [Theory]
    [MemberData(nameof(AllFindersAndFormats))]
    public void In_a_plain_picture_there_is_no_ball(string name, PixelFormat format)
    {
        using var finder = BallFinders.Create(name);
        var picture = new Picture(640, 480, format);
        foreach (byte level in new byte[] { 0, 90, 255 })
        {
            picture.Bytes.AsSpan().Fill(level);
            Assert.Equal(Sighting.None, finder.Find(picture.View));
        }
    }

    [Theory]
    [MemberData(nameof(AllFindersAndFormats))]
    public void In_noise_there_is_no_ball(string name, PixelFormat format)
    {
        using var finder = BallFinders.Create(name);
        var picture = new Picture(320, 240, format);
        var random = new Random(5);
        for (var n = 0; n < 5; n++)
        {
            random.NextBytes(picture.Bytes);
            Assert.False(finder.Find(picture.View).IsBall);
        }
    }

    [Theory]
    [MemberData(nameof(AllFindersAndFormats))]
    public void In_faint_noise_there_is_no_ball(string name, PixelFormat format)
    {
        using var finder = BallFinders.Create(name);
        var picture = new Picture(640, 480, format);
        var noise = new GaussianNoise(3, 12);
        for (var n = 0; n < 5; n++)
        {
            picture.Bytes.AsSpan().Fill(100);
            noise.AddTo(picture.Bytes);
            Assert.False(finder.Find(picture.View).IsBall);
        }
    }

    [Theory]
    [MemberData(nameof(AllFindersAndFormats))]
    public void A_ball_that_goes_and_comes_back_is_lost_and_found(string name, PixelFormat format)
    {
        using var finder = BallFinders.Create(name);
        var world = new WorldOptions();
        var canvas = new Canvas(format);
        var empty = new Canvas(format);
        for (var n = 0; n < 12; n++)
        {
            var there = n % 4 != 3;
            var truth = new BallPosition(100.25 + (30 * n), 350.5 - (20 * n));
            var sighting = finder.Find(there ? canvas.Paint(world, truth) : empty.Paint(world, new(-100, -100)));
            Assert.Equal(there, sighting.IsBall);
            if (there)
                Near(truth, sighting, 1);
        }
    }

    [Theory]
    [InlineData(BallFinders.Hough)]
    [InlineData(BallFinders.Centroid)]
    public void Size_and_format_may_change_with_every_picture(string name)
    {
        using var finder = BallFinders.Create(name);
        var random = new Random(11);
        for (var n = 0; n < 60; n++)
        {
            var format = (PixelFormat)random.Next(1, 4);
            var world = new WorldOptions
            {
                Width = 2 * random.Next(60, 500), Height = 2 * random.Next(60, 400), Radius = random.Next(8, 30),
            };
            var truth = new BallPosition(
                40 + (random.NextDouble() * (world.Width - 80)), 40 + (random.NextDouble() * (world.Height - 80)));
            Near(truth, finder.Find(new Canvas(format).Paint(world, truth)), 1);
        }
    }

    [Theory]
    [MemberData(nameof(AllFindersAndFormats))]
    public void Rows_with_padding_are_read_rightly(string name, PixelFormat format)
    {
        using var finder = BallFinders.Create(name);
        var packed = PictureLayout.Packed(322, 242, format);
        var picture = new Picture(packed with { Stride = packed.Stride + 38 });
        new Random(2).NextBytes(picture.Bytes);
        var truth = new BallPosition(290.4, 33.3);
        Near(truth, finder.Find(new Canvas(picture).Paint(new WorldOptions { Width = 322, Height = 242 }, truth)), 1);
    }

    [Theory]
    [InlineData(BallFinders.Hough)]
    [InlineData(BallFinders.Centroid)]
    public void The_smallest_picture_of_all_is_no_accident(string name)
    {
        using var finder = BallFinders.Create(name);
        foreach (var (width, height) in new[] { (2, 2), (2, 64), (64, 2), (8, 8), (33, 17), (34, 18) })
        {
            var formats = width % 2 == 0 ? Enum.GetValues<PixelFormat>() : [PixelFormat.Gray8, PixelFormat.Bgr24];
            foreach (var format in formats)
            {
                var picture = new Picture(width, height, format);
                picture.Bytes.AsSpan().Fill(40);
                Assert.False(finder.Find(picture.View).IsBall);

                // Whatever it makes of garbage, it lives.
                new Random(width).NextBytes(picture.Bytes);
                finder.Find(picture.View);
            }
        }
    }

    [Fact]
    public void A_finder_of_no_known_name_is_refused_with_the_names_there_are()
    {
        var e = Assert.Throws<ArgumentException>(() => BallFinders.Create("magic"));
        Assert.Contains("'magic'", e.Message, StringComparison.Ordinal);
        Assert.Contains("hough", e.Message, StringComparison.Ordinal);
        Assert.Contains("centroid", e.Message, StringComparison.Ordinal);
    }

    internal static void Near(BallPosition truth, Sighting sighting, double tolerance)
    {
        Assert.True(sighting.IsBall, $"no ball at {truth}");
        var error = Math.Sqrt(Math.Pow(sighting.X - truth.X, 2) + Math.Pow(sighting.Y - truth.Y, 2));
        Assert.True(error <= tolerance, $"{sighting} instead of {truth}");
    }
}
