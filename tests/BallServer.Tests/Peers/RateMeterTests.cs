using BallServer.Peers;

namespace BallServer.Tests.Peers;

public class RateMeterTests
{
    private readonly Clock _clock = new();

    /// <summary>A timer for each second is a moment early every other time.</summary>
    [Theory]
    [InlineData(999)]
    [InlineData(1000)]
    [InlineData(1001)]
    public void Who_looks_each_second_sees_what_came_in_it(int milliseconds)
    {
        var meter = new RateMeter(_clock);
        _clock.Pass(milliseconds);
        Assert.Equal(0, meter.Of(0));
        for (var seconds = 1; seconds < 5; seconds++)
        {
            _clock.Pass(milliseconds);
            Assert.InRange(meter.Of(30 * seconds), 29.5, 30.5);
        }
    }

    [Fact]
    public void Who_looks_all_the_time_sees_the_rate_of_a_second()
    {
        var meter = new RateMeter(_clock);
        for (var look = 0; look < 100; look++)
        {
            _clock.Pass(33);
            var rate = meter.Of(look);
            if (look > 7)
                Assert.InRange(rate, 25, 31);
        }
    }

    private sealed class Clock : TimeProvider
    {
        private long _milliseconds;

        public override long TimestampFrequency => 1000;

        public void Pass(int milliseconds) => _milliseconds += milliseconds;

        public override long GetTimestamp() => _milliseconds;
    }
}
