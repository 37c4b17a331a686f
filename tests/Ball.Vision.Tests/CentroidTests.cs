using Ball.Pictures;
using Ball.World;

namespace Ball.Vision.Tests;

/// <summary>What only the centroid promises.</summary>
public sealed class CentroidTests
{
    private readonly CentroidBallFinder _finder = new();
    private readonly WorldOptions _world = new();

    [Fact]
    public void Of_two_balls_the_larger_is_reported_with_half_the_confidence()
    {
        var alone = new CentroidBallFinder().Find(new Canvas(PixelFormat.I420).Paint(_world, new(200, 200)));
        var picture = TwoBalls(new(200, 200), 20, new(500, 300), 14);
        var sighting = _finder.Find(picture.View);
        FinderTests.Near(new(200, 200), sighting, 0.05);
        Assert.InRange(sighting.Confidence, alone.Confidence * 0.45, alone.Confidence * 0.55);
    }

    [Fact]
    public void The_ball_being_followed_is_not_given_up_for_a_larger_one()
    {
        for (var n = 0; n < 70; n++)
        {
            var truth = new BallPosition(120 + (n * 3), 200);
            var picture = n < 5
                ? TwoBalls(truth, 14, new(-200, 0), 1)
                : TwoBalls(truth, 14, new(550, 380), 30);
            FinderTests.Near(truth, _finder.Find(picture.View), 0.05);
        }
    }

    [Fact]
    public void A_second_ball_is_noticed_while_following_and_forgotten_when_it_goes()
    {
        var confidences = new List<float>();
        for (var n = 0; n < 120; n++)
        {
            var other = n is >= 20 and < 60 ? new BallPosition(550, 100) : new BallPosition(-200, 0);
            confidences.Add(_finder.Find(TwoBalls(new(120 + (n * 3), 200), 20, other, 18).View).Confidence);
        }
        Assert.True(confidences[58] < confidences[10] * 0.6, $"{confidences[58]} against {confidences[10]}");
        Assert.True(confidences[119] > confidences[10] * 0.9, $"{confidences[119]} against {confidences[10]}");
    }

    [Fact]
    public void A_ball_half_outside_is_completed_on_every_side_and_in_every_corner()
    {
        foreach (var format in Enum.GetValues<PixelFormat>())
        {
            foreach (var (x, y) in new[]
            {
                (3.3, 200.2), (636.1, 201.7), (300.4, 2.2), (301.3, 478.8),
                (6.2, 7.1), (635.4, 4.4), (5.5, 474.2), (634.3, 473.9),
                (-5.2, 200.4), (300.7, 484.6),
            })
            {
                var sighting = new CentroidBallFinder().Find(new Canvas(format).Paint(_world, new(x, y)));
                FinderTests.Near(new(x, y), sighting, 0.25);
                Assert.InRange(sighting.Radius, 19.6, 20.4);
            }
        }
    }

    [Fact]
    public void A_ball_that_leaves_the_picture_is_followed_by_its_known_radius_until_hardly_anything_is_left()
    {
        var canvas = new Canvas(PixelFormat.I420);
        for (var x = 60.0; x > -13; x -= 2.3)
        {
            var truth = new BallPosition(x, 231.7);
            FinderTests.Near(truth, _finder.Find(canvas.Paint(_world, truth)), 0.25);
        }
    }

    [Fact]
    public void Colours_that_change_slowly_are_learnt_on_the_way()
    {
        var canvas = new Canvas(PixelFormat.I420);
        for (var n = 0; n < 100; n++)
        {
            var colours = _world with
            {
                Background = new((byte)(20 + n), (byte)(20 + n), (byte)(20 + n)),
                Ball = new((byte)(255 - n), (byte)(255 - (n / 2)), 255),
            };
            var truth = new BallPosition(100.2 + (n * 4), 80.3 + (n * 3));
            FinderTests.Near(truth, _finder.Find(canvas.Paint(colours, truth)), 0.1);
        }
    }

    [Fact]
    public void Colours_that_change_at_once_are_learnt_at_once()
    {
        var canvas = new Canvas(PixelFormat.Bgr24);
        var random = new Random(4);
        for (var n = 0; n < 100; n++)
        {
            var dark = random.Next(2) == 0;
            var colours = _world with
            {
                Background = Grey(random, dark ? 0 : 160),
                Ball = Grey(random, dark ? 160 : 0),
            };
            var truth = new BallPosition(100.2 + (n * 4), 80.3 + (n * 3));
            FinderTests.Near(truth, _finder.Find(canvas.Paint(colours, truth)), 0.1);
        }

        static Bgr Grey(Random random, int from) =>
            new((byte)(from + random.Next(90)), (byte)(from + random.Next(90)), (byte)(from + random.Next(90)));
    }

    [Fact]
    public void What_is_far_from_round_is_no_ball()
    {
        var picture = new Picture(640, 480, PixelFormat.Gray8);
        picture.Bytes.AsSpan().Clear();
        Bar(picture, 100, 100, 300, 8);
        Assert.False(_finder.Find(picture.View).IsBall);
        picture.Bytes.AsSpan().Clear();
        Bar(picture, 0, 300, 640, 180);
        Assert.False(_finder.Find(picture.View).IsBall);
    }

    [Fact]
    public void A_line_of_text_beside_it_does_not_disturb()
    {
        var canvas = new Canvas(PixelFormat.Gray8);
        for (var n = 0; n < 40; n++)
        {
            var truth = new BallPosition(100.2 + (n * 8), 180.3 + (n * 3));
            var picture = canvas.Paint(_world, truth);
            var written = canvas.Picture!;
            for (var letter = 0; letter < 12; letter++)
                Bar(written, 20 + (letter * 12), 20, 3, 14);
            FinderTests.Near(truth, _finder.Find(picture), 0.05);
        }
    }

    [Fact]
    public void Once_warm_nothing_is_allocated()
    {
        foreach (var format in Enum.GetValues<PixelFormat>())
        {
            var canvas = new Canvas(format);
            var empty = new Picture(640, 480, format);
            empty.Bytes.AsSpan().Fill(60);
            Step(canvas, empty, 0, 200);
            var before = GC.GetAllocatedBytesForCurrentThread();
            Step(canvas, empty, 200, 400);
            Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        }

        void Step(Canvas canvas, Picture empty, int from, int to)
        {
            for (var n = from; n < to; n++)
            {
                // Into the edge and out, and away now and then, so that every way through is taken.
                _finder.Find(canvas.Paint(_world, new(320 + (330 * Math.Sin(n / 20.0)), 240 + (200 * Math.Cos(n / 13.0)))));
                if (n % 50 == 0)
                    _finder.Find(empty.View);
            }
        }
    }

    private static Picture TwoBalls(BallPosition first, double firstRadius, BallPosition second, double secondRadius)
    {
        var one = new Canvas(PixelFormat.Gray8);
        var other = new Canvas(PixelFormat.Gray8);
        one.Paint(new WorldOptions { Radius = firstRadius }, first);
        other.Paint(new WorldOptions { Radius = secondRadius }, second);
        var picture = one.Picture!;
        for (var i = 0; i < picture.Bytes.Length; i++)
            picture.Bytes[i] = Math.Max(picture.Bytes[i], other.Picture!.Bytes[i]);
        return picture;
    }

    private static void Bar(Picture picture, int left, int top, int width, int height)
    {
        for (var y = top; y < top + height; y++)
            picture.Bytes.AsSpan((y * picture.Layout.Stride) + left, width).Fill(220);
    }
}
