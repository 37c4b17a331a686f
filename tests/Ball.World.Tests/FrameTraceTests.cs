using System.Diagnostics;
using Ball.World;

namespace BallDetector.Tests;

public sealed class FrameTraceTests
{
    private static readonly Guid Session = new("7e1b2a44-0000-4000-8000-1234567890ab");

    [Fact]
    public void Every_side_derives_the_same_ids()
    {
        // Fixed forever: processes of different builds meet in one trace.
        var trace = FrameTrace.Of(Session, 3_000_000_000);
        Assert.Equal("fbed560dbcc3c3e07771f67bd6a01329-8a21d9fc4efa7a87", $"{trace.TraceId}-{trace.FrameSpanId}");
        Assert.Equal(ActivityTraceFlags.Recorded, trace.Context.TraceFlags);
    }

    [Fact]
    public void No_two_frames_share_a_trace()
    {
        var seen = new HashSet<string>();
        for (var session = 0; session < 20; session++)
        {
            var id = new Guid(session, 0, 0, new byte[8]);
            for (uint frame = 0; frame < 5_000; frame++)
                Assert.True(seen.Add(FrameTrace.Of(id, frame * 1500).TraceId.ToString()));
        }
    }

    [Theory]
    [InlineData(30)]
    [InlineData(60)]
    [InlineData(120)]
    [InlineData(1)]
    [InlineData(240)]
    public void One_frame_a_second_is_sampled_where_the_rate_is_known(int framesPerSecond)
    {
        var ticks = 90_000 / framesPerSecond;
        for (var phase = 0; phase < 5; phase++)
        {
            for (uint second = 0; second < 1000; second++)
            {
                var sampled = 0;
                for (var frame = 0; frame < framesPerSecond; frame++)
                {
                    if (FrameTrace.IsSampled(Session, (second * 90_000) + (uint)((frame * ticks) + (phase * ticks / 5)), ticks))
                        sampled++;
                }
                Assert.Equal(1, sampled);
            }
        }
    }

    [Fact]
    public void Sessions_are_sampled_at_different_moments()
    {
        var places = Enumerable.Range(0, 50).Select(session => Enumerable.Range(0, 30)
            .First(frame => FrameTrace.IsSampled(new Guid(session, 0, 0, new byte[8]), (uint)(frame * 3000))));
        Assert.True(places.Distinct().Count() > 10);
    }
}
