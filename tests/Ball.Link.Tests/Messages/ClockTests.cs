using System.Text;
using Ball.Link.Messages;

namespace Ball.Link.Tests.Messages;

public class ClockTests
{
    const long Millisecond = 1_000_000;
    const long Second = 1_000_000_000;

    [Theory]
    [InlineData(0, 0)]
    [InlineData(123_456_789_000, 0)]
    [InlineData(-5 * Second, 50e-6)]
    [InlineData(77 * Second, -50e-6)]
    public void The_offset_is_within_its_uncertainty(long offset, double drift)
    {
        var random = new Random(3);
        var clocks = new ClockOffset();
        for (long now = Second; now < 120 * Second; now += Second)
        {
            // Delays are bad and lopsided, with a good exchange now and then.
            long forth = random.Next(8) == 0 ? 100_000 : random.NextInt64(2 * Millisecond, 80 * Millisecond);
            long back = random.Next(8) == 0 ? 100_000 : random.NextInt64(1 * Millisecond, 20 * Millisecond);
            long heard = Theirs(now + forth);
            long answered = heard + random.NextInt64(Millisecond);
            Assert.True(clocks.Add(now, heard, answered, now + forth + (answered - heard) + back));

            long later = now + Second / 2;
            var reading = clocks.Read(later);
            long error = Math.Abs(later - reading.ToOurs(Theirs(later)));
            Assert.True(error <= reading.Uncertainty, $"{error} off, {reading.Uncertainty} admitted");
        }
        Assert.InRange(clocks.Read(120 * Second).Uncertainty, 1, 8 * Millisecond);

        long Theirs(long ours) => ours + offset + (long)(ours * drift);
    }

    [Fact]
    public void The_shortest_round_trip_counts()
    {
        var clocks = new ClockOffset();
        clocks.Add(0, 900, 900, 1000);
        clocks.Add(2000, 2060, 2060, 2100);
        clocks.Add(3000, 3990, 3990, 4000);
        var reading = clocks.Read(4000);
        Assert.Equal(10, reading.Offset);
        Assert.InRange(reading.Uncertainty, 50, 52);
        Assert.Equal(3, reading.Exchanges);
    }

    [Fact]
    public void What_was_known_grows_old()
    {
        var clocks = new ClockOffset();
        Assert.False(clocks.Read(0).IsKnown);
        clocks.Add(0, 50, 50, 100);
        Assert.InRange(clocks.Read(10 * Second).Uncertainty, Millisecond, 2 * Millisecond);
        // A slower exchange now says more than a fast one of long ago.
        clocks.Add(100 * Second, 100 * Second + 7 * Millisecond, 100 * Second + 7 * Millisecond, 100 * Second + 8 * Millisecond);
        Assert.Equal(3 * Millisecond, clocks.Read(101 * Second).Offset);
    }

    [Theory]
    [InlineData(100, 0, 0, 50)]
    [InlineData(0, 100, 50, 200)]
    [InlineData(0, 0, 300, 200)]
    [InlineData(0, 0, 0, 11 * Second)]
    [InlineData(long.MinValue, 0, 0, long.MaxValue)]
    [InlineData(0, long.MinValue, long.MaxValue, 1)]
    [InlineData(0, long.MaxValue, long.MaxValue, 1)]
    public void Impossible_times_are_left_out(long asked, long heard, long answered, long received)
    {
        var clocks = new ClockOffset();
        Assert.False(clocks.Add(asked, heard, answered, received));
        Assert.False(clocks.Read(0).IsKnown);
    }

    [Fact]
    public void Two_ends_find_each_others_offset()
    {
        const long offset = 41 * Second;
        var server = new ClockExchange();
        server.PeerKnowsClocks();
        int questions = 0;
        for (long now = 0; now < 10 * Second; now += 10 * Millisecond)
        {
            if (server.Due(now) is not { } question)
                continue;
            questions++;
            var ask = PeerMessage.Read(Encoding.UTF8.GetBytes(question));
            Assert.Equal(PeerMessageKind.ClockAsk, ask.Kind);
            string answer = ClockExchange.Answer(ask.Clock, now + Millisecond + offset, now + 2 * Millisecond + offset);
            Assert.True(server.Take(PeerMessage.Read(Encoding.UTF8.GetBytes(answer)).Clock, now + 3 * Millisecond));
        }
        Assert.InRange(questions, ClockExchange.QuickQuestions + 8, ClockExchange.QuickQuestions + 11);
        var reading = server.Offset.Read(10 * Second);
        Assert.Equal(offset, reading.Offset);
        Assert.InRange(reading.Uncertainty, Millisecond, 2 * Millisecond);
    }

    [Fact]
    public void A_peer_that_never_said_hello_is_not_asked()
    {
        var exchange = new ClockExchange();
        for (long now = 0; now < 10 * Second; now += 10 * Millisecond)
            Assert.Null(exchange.Due(now));
    }

    [Fact]
    public void Answers_to_nothing_are_not_believed()
    {
        var exchange = new ClockExchange();
        exchange.PeerKnowsClocks();
        Assert.False(exchange.Take(default, 10));
        var asked = PeerMessage.Read(Encoding.UTF8.GetBytes(exchange.Due(100)!)).Clock;
        var answer = asked with { Heard = 5, Answered = 6 };
        Assert.False(exchange.Take(answer with { Id = 99 }, 110));
        Assert.False(exchange.Take(answer with { Asked = 90 }, 110));
        Assert.True(exchange.Take(answer, 110));
        Assert.False(exchange.Take(answer, 111));
    }
}
