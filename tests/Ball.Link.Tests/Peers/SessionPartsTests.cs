using Ball.Link.Peers;

namespace Ball.Link.Tests.Peers;

public class SessionPartsTests
{
    const long Second = 1_000_000_000;

    [Fact]
    public void Timestamps_keep_in_step_with_the_frames()
    {
        var random = new Random(3);
        var timeline = new RtpTimeline();
        // The peer joins late, and its timestamps wrap around on the way.
        uint timestamp = uint.MaxValue - 100_000, ticks = 77_777;
        uint origin = unchecked(timestamp - ticks);
        bool regular = true;
        var seen = new HashSet<uint>();
        for (int i = 0; i < 1000; i++)
        {
            if (regular)
                Assert.Equal(origin, unchecked(timestamp - ticks));
            Assert.True(seen.Add(timestamp));
            timestamp = unchecked(timestamp + timeline.DurationOf(timestamp, ticks, 3000));
            // Now and then frames are left out.
            int left = random.Next(10) == 0 ? random.Next(1, 5) : 0;
            regular = left == 0;
            ticks += 3000 * (uint)(1 + left);
        }
    }

    [Fact]
    public void No_two_frames_share_a_timestamp_even_when_ticks_stand_still()
    {
        var timeline = new RtpTimeline();
        uint timestamp = 0;
        var seen = new HashSet<uint>();
        for (int i = 0; i < 100; i++)
        {
            Assert.True(seen.Add(timestamp));
            timestamp += timeline.DurationOf(timestamp, ticks: 500, untilNext: 0);
        }
    }

    [Fact]
    public void The_bitrate_falls_with_loss_and_comes_back()
    {
        var follower = new BitrateFollower(1_000_000);
        Assert.Equal(1_000_000, follower.Target);
        follower.Loss(0.2, 0);
        Assert.Equal(900_000, follower.Target);
        follower.Loss(0.05, Second);
        Assert.Equal(900_000, follower.Target);
        for (int i = 1; i < 60; i++)
            follower.Loss(1, i * Second);
        Assert.Equal(100_000, follower.Target);
        for (int i = 60; i < 120; i++)
            follower.Loss(0, i * Second);
        Assert.Equal(1_000_000, follower.Target);
    }

    [Fact]
    public void Reports_that_come_in_swarms_count_once()
    {
        var follower = new BitrateFollower(1_000_000);
        for (int i = 0; i < 100; i++)
            follower.Loss(0.5, i);
        Assert.Equal(750_000, follower.Target);
    }

    [Fact]
    public void An_estimate_counts_when_it_is_clearly_below_what_is_sent()
    {
        var follower = new BitrateFollower(1_000_000);
        Send(0, 10, bitsPerSecond: 900_000);
        follower.Estimate(700_000, 10 * Second);
        Assert.Equal(1_000_000, follower.Target);
        follower.Estimate(600_000, 10 * Second);
        Assert.Equal(600_000, follower.Target);
        follower.Estimate(2_000_000, 10 * Second);
        follower.Estimate(double.NaN, 10 * Second);
        follower.Estimate(-1, 10 * Second);
        follower.Estimate(double.PositiveInfinity, 10 * Second);
        Assert.Equal(600_000, follower.Target);
        follower.Estimate(1, 10 * Second);
        Assert.Equal(100_000, follower.Target);

        void Send(long from, long to, int bitsPerSecond)
        {
            for (long now = from * Second; now < to * Second; now += Second / 10)
                follower.Sent(bitsPerSecond / 80, now);
        }
    }

    [Fact]
    public void A_low_estimate_of_a_quiet_stream_says_nothing()
    {
        var follower = new BitrateFollower(1_000_000);
        for (int i = 0; i < 100; i++)
        {
            follower.Sent(1000, i * Second / 10);
            follower.Estimate(20_000, i * Second / 10);
        }
        Assert.Equal(1_000_000, follower.Target);
    }

    [Fact]
    public void Requests_pass_once_in_a_while()
    {
        var gate = new RequestGate(100);
        Assert.True(gate.TryPass(-50));
        Assert.False(gate.TryPass(0));
        Assert.True(gate.TryPass(50));
        Assert.False(gate.TryPass(149));
        Assert.True(gate.TryPass(1000));
    }

    [Fact]
    public void Both_ends_know_a_session_by_the_same_number()
    {
        const string offer =
            "v=0\r\na=ice-ufrag:ab\r\na=ice-pwd:cd\r\na=fingerprint:sha-256 AA:BB\r\nm=video\r\na=ice-ufrag:ab\r\n";
        const string answer = "v=0\r\nm=video\r\na=ice-ufrag:ef\r\na=ice-pwd:gh\r\na=fingerprint:sha-256 CC:DD\r\n";
        Guid identity = SessionIdentity.Of(offer, answer);
        Assert.NotEqual(Guid.Empty, identity);
        Assert.Equal(identity, SessionIdentity.Of(offer.Replace("\r\n", "\n") + "a=candidate:1\n", answer));
        Assert.NotEqual(identity, SessionIdentity.Of(answer, offer));
        Assert.NotEqual(identity, SessionIdentity.Of(offer.Replace("cd", "ce"), answer));
    }
}
