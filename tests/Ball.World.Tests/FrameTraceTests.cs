using System.Diagnostics;

namespace Ball.World.Tests;

public sealed class FrameTraceTests
{
    private static readonly Guid s_session = new("7e1b2a44-0000-4000-8000-1234567890ab");

    [Fact]
    public void Every_side_derives_the_same_ids()
    {
        // Fixed forever: processes of different builds meet in one trace.
        var trace = FrameTrace.Of(s_session, 3_000_000_000);
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
}
