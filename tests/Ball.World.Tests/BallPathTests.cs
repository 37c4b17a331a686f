using FsCheck;
using FsCheck.Fluent;

namespace Ball.World.Tests;

public sealed class BallPathTests
{
    private const long Second = 1_000_000_000;

    private static readonly Arbitrary<WorldOptions> s_anyOptions = Arb.From(
        from width in Gen.Choose(16, 1000)
        from height in Gen.Choose(16, 600)
        from radius in Gen.Choose(10, 1000)
        from speed in Gen.Choose(0, 3000)
        from random in Gen.Elements(false, true)
        from seed in Gen.Choose(int.MinValue, int.MaxValue)
        select new WorldOptions
        {
            Width = width * 2,
            Height = height * 2,
            Radius = Math.Min(radius / 10.0, Math.Min(width, height) - 1.0),
            Speed = speed,
            Bounce = random ? BounceMode.Random : BounceMode.Fixed,
            Seed = seed,
        });

    [Fact]
    public void The_disc_is_always_wholly_in_the_picture() => Prop.ForAll(s_anyOptions, options =>
    {
        var path = BallPath.Create(options);
        for (var t = 0L; t < 40 * Second; t += Second / 7)
        {
            var at = path.At(t);
            Assert.InRange(at.X, options.Radius - 0.5, options.Width - 0.5 - options.Radius);
            Assert.InRange(at.Y, options.Radius - 0.5, options.Height - 0.5 - options.Radius);
        }
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void The_ball_keeps_its_speed() => Prop.ForAll(s_anyOptions, options =>
    {
        var path = BallPath.Create(options);
        const long step = Second / 100_000;
        int straight = 0, bent = 0;
        for (var t = 0L; t < 20 * Second; t += Second / 13)
        {
            var (a, b) = (path.At(t), path.At(t + step));
            var speed = Math.Sqrt((b.X - a.X) * (b.X - a.X) + (b.Y - a.Y) * (b.Y - a.Y)) * Second / step;
            // A step that holds a bounce is shorter as the crow flies, never longer.
            Assert.True(speed <= options.Speed * 1.0001 + 0.0001, $"{speed} instead of {options.Speed}");
            if (speed >= options.Speed * 0.9999 - 0.0001)
                straight++;
            else
                bent++;
        }
        Assert.True(bent <= straight / 10 + 2, $"{bent} of {straight} too slow");
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void The_same_seed_gives_the_same_path_whoever_asks_in_which_order() => Prop.ForAll(s_anyOptions, options =>
    {
        var random = new Random(options.Seed);
        var times = Enumerable.Range(0, 60).Select(_ => random.NextInt64(0, 300 * Second)).ToArray();
        var forward = BallPath.Create(options);
        var expected = times.Order().ToDictionary(t => t, forward.At);
        var path = BallPath.Create(options);
        foreach (var t in times)
            Assert.Equal(expected[t], path.At(t));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Another_seed_gives_another_path()
    {
        foreach (var bounce in Enum.GetValues<BounceMode>())
        {
            var ends = Enumerable.Range(0, 100)
                .Select(seed => BallPath.Create(new WorldOptions { Seed = seed, Bounce = bounce }).At(10 * Second));
            Assert.Equal(100, ends.Distinct().Count());
        }
    }

    [Fact]
    public void Reflection_is_exact()
    {
        // Unfolded step by step with decimals: the slow truth.
        var options = new WorldOptions { Width = 320, Height = 200, Radius = 11.5, Speed = 777, Seed = 5 };
        var path = BallPath.Create(options);
        var first = Motion.First(options);
        const long year = 86_400 * Second * 365;
        foreach (var t in new[] { 0, 1, Second / 30, Second, 59 * Second + 7, 3600 * Second, year + 123_456_789 })
        {
            var at = path.At(t);
            Assert.Equal(Fold(first.X, 777 * Math.Cos(first.Angle), t, 11, 320 - 12), at.X, 1e-6);
            Assert.Equal(Fold(first.Y, 777 * Math.Sin(first.Angle), t, 11, 200 - 12), at.Y, 1e-6);
        }

        static double Fold(double from, double velocity, long time, decimal low, decimal high)
        {
            var length = high - low;
            var way = Exact(from) - low + Exact(velocity) * time / Second;
            way -= Math.Floor(way / (2 * length)) * 2 * length;
            return (double)(low + (way <= length ? way : 2 * length - way));
        }

        // A conversion to decimal keeps 15 digits; the rest is carried over by a second one.
        static decimal Exact(double value) => (decimal)value + (decimal)(value - (double)(decimal)value);
    }

    [Fact]
    public void A_random_bounce_happens_at_the_wall_and_nowhere_else()
    {
        var options = new WorldOptions { Bounce = BounceMode.Random, Speed = 500, Seed = 9 };
        var path = BallPath.Create(options);
        var bounces = 0;
        for (var t = 0L; t < 200 * Second; t += Second / 1000)
        {
            var (before, after) = (path.MotionAt(t), path.MotionAt(t + Second / 1000));
            if (before.Angle == after.Angle)
                continue;
            bounces++;
            var toWall = new[]
            {
                before.X - options.RangeX.Low, options.RangeX.High - before.X,
                before.Y - options.RangeY.Low, options.RangeY.High - before.Y,
            }.Min();
            Assert.True(toWall <= 0.5 + 1e-6, $"turned {toWall} px from the wall");
        }
        Assert.InRange(bounces, 100, 2000);
    }

    [Fact]
    public void Marks_stay_bounded_and_the_past_stays_the_same()
    {
        var options = new WorldOptions { Width = 64, Height = 64, Radius = 20, Speed = 20_000, Bounce = BounceMode.Random };
        var path = new RandomPath(options, Motion.First(options));
        var early = Enumerable.Range(0, 50).Select(i => path.MotionAt(i * Second / 10)).ToArray();
        path.MotionAt(600 * Second);
        Assert.True(path.MarkCount <= RandomPath.MaxMarks);
        Assert.Equal(early, Enumerable.Range(0, 50).Select(i => path.MotionAt(i * Second / 10)));
    }

    [Fact]
    public void Many_threads_see_one_truth()
    {
        var options = new WorldOptions { Bounce = BounceMode.Random, Speed = 3000, Seed = 3 };
        var alone = BallPath.Create(options);
        var expected = Enumerable.Range(0, 3000).Select(i => alone.At(i * Second / 10)).ToArray();
        var shared = BallPath.Create(options);
        Parallel.For(0, 4, thread =>
        {
            var random = new Random(thread);
            for (var i = 0; i < 20_000; i++)
            {
                var index = random.Next(expected.Length);
                Assert.Equal(expected[index], shared.At(index * Second / 10));
            }
        });
    }
}
