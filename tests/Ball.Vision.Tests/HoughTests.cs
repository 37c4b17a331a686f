using Ball.Pictures;
using Ball.World;

namespace Ball.Vision.Tests;

/// <summary>Following a ball must cost time and memory only, never exactness.</summary>
public sealed class HoughTests
{
    public static TheoryData<PixelFormat, double, double> Films => new()
    {
        { PixelFormat.I420, 0, 240 },
        { PixelFormat.Bgr24, 0, 240 },
        { PixelFormat.Gray8, 0, 1500 },
        { PixelFormat.I420, 8, 240 },
    };

    [Theory]
    [MemberData(nameof(Films))]
    public void A_ball_that_is_followed_is_found_as_exactly_as_in_the_whole_picture(
        PixelFormat format, double noise, double speed)
    {
        using var following = new HoughBallFinder();
        var scene = new Scene("a film") { Format = format, Noise = noise, World = new() { Speed = speed }, Frames = 70 };
        double followed = 0, whole = 0;
        scene.Play((picture, truth, _) =>
        {
            using var fresh = new HoughBallFinder();
            followed += Error(following.Find(picture), truth);
            whole += Error(fresh.Find(picture), truth);
        });
        Assert.True(followed <= (whole * 1.02) + 0.1,
            $"{followed / scene.Frames:0.000} px instead of {whole / scene.Frames:0.000}");
    }

    [Fact]
    public void A_ball_that_jumps_is_found_where_it_is()
    {
        using var finder = new HoughBallFinder();
        var random = new Random(3);
        var canvas = new Canvas(PixelFormat.I420);
        for (var n = 0; n < 40; n++)
        {
            var truth = new BallPosition(25 + (random.NextDouble() * 590), 25 + (random.NextDouble() * 430));
            FinderTests.Near(truth, finder.Find(canvas.Paint(new WorldOptions(), truth)), 1);
        }
    }

    [Fact]
    public void A_ball_that_outshines_the_one_followed_is_found_within_some_pictures()
    {
        // The followed one keeps its place; the other is larger, so it gets more votes.
        using var finder = new HoughBallFinder();
        var world = new WorldOptions { Radius = 12 };
        FinderTests.Near(new(100, 100), finder.Find(new Canvas(PixelFormat.Gray8).Paint(world, new(100, 100))), 1);

        var both = new Picture(640, 480, PixelFormat.Gray8);
        new Canvas(both).Paint(world with { Radius = 40 }, new(400, 300));
        var small = new Picture(640, 480, PixelFormat.Gray8);
        new Canvas(small).Paint(world, new(100, 100));
        for (var i = 0; i < both.Bytes.Length; i++)
            both.Bytes[i] = Math.Max(both.Bytes[i], small.Bytes[i]);
        var sightings = Enumerable.Range(0, 40).Select(_ => finder.Find(both.View)).ToList();
        FinderTests.Near(new(100, 100), sightings[0], 1);
        FinderTests.Near(new(400, 300), sightings[^1], 1);
    }

    [Fact]
    public void A_picture_costs_hardly_more_memory_than_the_array_that_OpenCvSharp_answers_with()
    {
        using var finder = new HoughBallFinder();
        long allocated = 0;
        new Scene("a film") { Frames = 300 }.Play((picture, _, n) =>
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            finder.Find(picture);
            if (n >= 100)
                allocated += GC.GetAllocatedBytesForCurrentThread() - before;
        });
        Assert.InRange(allocated / 200, 0, 150);
    }

    private static double Error(Sighting sighting, BallPosition truth)
    {
        Assert.True(sighting.IsBall);
        return Math.Sqrt(Math.Pow(sighting.X - truth.X, 2) + Math.Pow(sighting.Y - truth.Y, 2));
    }
}
