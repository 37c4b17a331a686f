namespace Ball.World.Tests;

public sealed class WorldTests
{
    private const long Second = 1_000_000_000;

    private static readonly WorldOptions s_start = new() { Width = 640, Height = 480, Speed = 300, Seed = 4 };

    [Theory]
    [InlineData(BounceMode.Fixed)]
    [InlineData(BounceMode.Random)]
    public void A_change_leaves_the_ball_where_it_is(BounceMode bounce)
    {
        var world = new World(s_start, 7 * Second);
        var at = 31 * Second;
        var before = world.At(at);
        world.Change(s_start with { Speed = 900, Bounce = bounce }, at);
        var after = world.At(at);
        Assert.Equal(before.X, after.X, 1e-6);
        Assert.Equal(before.Y, after.Y, 1e-6);
    }

    [Fact]
    public void The_past_is_not_changed()
    {
        var world = new World(s_start, 0);
        var past = Enumerable.Range(0, 100).Select(i => world.At(i * Second / 10)).ToArray();
        world.Change(s_start with { Bounce = BounceMode.Random, Width = 320, Height = 240 }, 10 * Second);
        Assert.Equal(past, Enumerable.Range(0, 100).Select(i => world.At(i * Second / 10)));
        Assert.Equal(640, world.OptionsAt(10 * Second - 1).Width);
        Assert.Equal(320, world.OptionsAt(10 * Second).Width);
        Assert.Equal(320, world.Options.Width);
    }

    [Fact]
    public void New_colours_do_not_disturb_the_path()
    {
        var (plain, painted) = (new World(s_start, 0), new World(s_start, 0));
        painted.Change(s_start with { Ball = new Bgr(1, 2, 3) }, 3 * Second);
        Assert.Equal(plain.At(99 * Second), painted.At(99 * Second));
        Assert.Equal(new Bgr(1, 2, 3), painted.Options.Ball);
    }

    [Fact]
    public void In_a_smaller_world_the_ball_is_inside()
    {
        var world = new World(s_start, 0);
        for (var i = 1; i < 200; i++)
        {
            var small = s_start with { Width = 64 + i % 5 * 40, Height = 48 + i % 3 * 60 };
            world.Change(small, i * Second);
            for (var t = i * Second; t < (i + 1) * Second; t += Second / 10)
            {
                var ball = world.At(t);
                Assert.InRange(ball.X, 19.5, small.Width - 20.5);
                Assert.InRange(ball.Y, 19.5, small.Height - 20.5);
            }
        }
    }

    [Fact]
    public void A_ball_that_stood_still_goes_where_it_was_heading()
    {
        var heading = Motion.First(s_start).Angle;
        var world = new World(s_start with { Speed = 0 }, 0);
        Assert.Equal(world.At(0), world.At(1000 * Second));
        world.Change(s_start with { Speed = 10 }, Second);
        var (a, b) = (world.At(Second), world.At(Second + Second / 10));
        Assert.Equal(Math.Cos(heading), b.X - a.X, 1e-6);
        Assert.Equal(Math.Sin(heading), b.Y - a.Y, 1e-6);
    }

    [Theory]
    [InlineData(640, 20, 5, 100, "32x32")]
    [InlineData(64, 64, 32, 100, "no room")]
    [InlineData(640, 480, double.NaN, 100, "radius")]
    [InlineData(640, 480, 20, -1, "speed")]
    [InlineData(640, 480, 20, double.PositiveInfinity, "speed")]
    public void Impossible_worlds_are_refused_with_the_reason(int width, int height, double radius, double speed, string reason)
    {
        var options = new WorldOptions { Width = width, Height = height, Radius = radius, Speed = speed };
        Assert.Contains(reason, Assert.Throws<ArgumentException>(() => new World(options, 0)).Message);
    }

    [Fact]
    public void A_ball_in_the_colour_of_the_background_is_refused() =>
        Assert.Contains("nobody", Assert.Throws<ArgumentException>(
            () => new World(s_start with { Ball = s_start.Background }, 0)).Message);
}
