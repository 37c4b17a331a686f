namespace Ball.World.Tests;

public sealed class FrameSamplingTests
{
    private static readonly Guid s_session = new("7e1b2a44-0000-4000-8000-1234567890ab");

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(15)]
    [InlineData(29.97)]
    [InlineData(30)]
    [InlineData(60)]
    [InlineData(120)]
    [InlineData(240)]
    public void One_frame_a_second_is_traced_at_any_rate(double framesPerSecond)
    {
        var sampling = new FrameSampling(s_session);
        var traced = Enumerable.Range(0, (int)(1000 * framesPerSecond) + 1)
            .Count(frame => sampling.Next(Rtp(frame, framesPerSecond)));
        Assert.InRange(traced, 999, 1000);
    }

    [Fact]
    public void At_less_than_a_frame_a_second_each_is_traced()
    {
        var sampling = new FrameSampling(s_session);
        Assert.Equal(99, Enumerable.Range(0, 100).Count(frame => sampling.Next(Rtp(frame, 0.5))));
    }

    [Fact]
    public void Both_ends_choose_the_same_frames_though_one_comes_later_and_misses_some()
    {
        var random = new Random(5);
        var (server, client) = (new FrameSampling(s_session), new FrameSampling(s_session));
        var agreed = 0;
        for (var frame = 0; frame < 60_000; frame++)
        {
            var rtp = unchecked(4_294_000_000u + Rtp(frame, 60));
            var isTraced = server.Next(rtp);
            // Lost ones are never those that are traced, since there is nothing to agree on then.
            if (frame < 90 || (!isTraced && random.Next(20) == 0))
                continue;
            Assert.Equal(isTraced, client.Next(rtp));
            agreed += isTraced ? 1 : 0;
        }
        Assert.InRange(agreed, 990, 1000);
    }

    [Fact]
    public void After_a_lost_frame_the_ends_agree_again()
    {
        var (server, client) = (new FrameSampling(s_session), new FrameSampling(s_session));
        var agreed = 0;
        for (var frame = 0; frame < 6000; frame++)
        {
            var rtp = Rtp(frame, 30);
            var isTraced = server.Next(rtp);
            if (isTraced && frame < 3000)
                continue;
            agreed += client.Next(rtp) && isTraced ? 1 : 0;
        }
        Assert.InRange(agreed, 99, 100);
    }

    [Fact]
    public void What_was_chosen_is_known_for_some_seconds()
    {
        var sampling = new FrameSampling(s_session);
        Assert.False(sampling.IsTraced(0));
        var chosen = Enumerable.Range(0, 600).Select(frame => Rtp(frame, 30)).Where(sampling.Next).ToList();
        Assert.All(chosen.TakeLast(8), rtp => Assert.True(sampling.IsTraced(rtp)));
        Assert.All(chosen.SkipLast(8), rtp => Assert.False(sampling.IsTraced(rtp)));
        Assert.False(sampling.IsTraced(chosen[^1] + 3000));
    }

    [Fact]
    public void What_comes_late_or_twice_decides_nothing()
    {
        var sampling = new FrameSampling(s_session);
        sampling.Next(1_000_000);
        Assert.False(sampling.Next(900_000));
        Assert.False(sampling.Next(1_000_000));
        Assert.True(sampling.Next(1_090_000));
    }

    [Fact]
    public void Sessions_are_traced_at_different_moments()
    {
        var places = Enumerable.Range(0, 50).Select(session =>
        {
            var sampling = new FrameSampling(new Guid(session, 0, 0, new byte[8]));
            return Enumerable.Range(0, 62).First(frame => sampling.Next(Rtp(frame, 30)));
        });
        Assert.True(places.Distinct().Count() > 10);
    }

    private static uint Rtp(int frame, double framesPerSecond) => (uint)Math.Round(frame * 90_000.0 / framesPerSecond);
}
