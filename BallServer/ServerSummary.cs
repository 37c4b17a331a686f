using Ball.Measuring;
using BallAspire.ServiceDefaults;
using BallServer.Peers;
using BallServer.Streaming;

namespace BallServer;

/// <summary>What a run of the server came to.</summary>
internal static class ServerSummary
{
    public static RunSummary Of(BallStream stream, PeerRoster peers)
    {
        var counts = stream.Counts;
        var seconds = counts.Running.TotalSeconds;
        var (totals, sent, dropped) = peers.Sum();
        var clock = peers.WorstClockEver;
        return totals.Describe(new RunSummary
        {
            Frames = new FrameCounts { Rendered = counts.Rendered, Encoded = counts.Encoded, Sent = sent },
            Seconds = Math.Round(seconds, 3),
            Fps = seconds > 0 ? Math.Round(counts.Rendered / seconds, 2) : 0,
            Peers = peers.Count,
            Dropped = new Dictionary<string, long> { ["render"] = counts.Dropped, ["send"] = dropped },
            ClockOffset = clock.OffsetMilliseconds,
            ClockUncertainty = clock.UncertaintyMilliseconds,
            Stack = BallStack.Name,
        }).WithCosts(counts.Rendered);
    }
}
