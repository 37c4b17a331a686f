using System.Globalization;
using System.Text.Unicode;
using Ball.Link.Messages;
using BallServer.Scoring;

namespace BallServer.Web.Sessions;

/// <summary>What a page is told of each of its messages.</summary>
internal static class ScoreText
{
    /// <summary>One JSON object; distances in pixels, times in milliseconds.</summary>
    public static ReadOnlyMemory<byte> Of(in Coordinates message, in Score score)
    {
        var buffer = new byte[320];
        var culture = CultureInfo.InvariantCulture;
        var result = ResultOf(score.Result);
        int length;
        _ = score.Result switch
        {
            SampleResult.Matched => Utf8.TryWrite(buffer, culture,
                $$"""{"score":"{{result}}","rtp":{{score.Frame.Rtp}},"error":{{score.Error.L2:0.####}}"""
                + $$""","realtime":{{score.Realtime.L2:0.###}},"latency":{{score.Latency / 1e6:0.###}}"""
                + $$""","truth":[{{score.Frame.X:0.###}},{{score.Frame.Y:0.###}}]}""",
                out length),
            SampleResult.Plain => Utf8.TryWrite(buffer, culture,
                $$"""{"score":"{{result}}","realtime":{{score.Realtime.L2:0.###}}}""", out length),
            _ => Utf8.TryWrite(buffer, culture, $$"""{"score":"{{result}}","rtp":{{message.Rtp}}}""", out length),
        };
        return buffer.AsMemory(0, length);
    }

    private static string ResultOf(SampleResult result) => result switch
    {
        SampleResult.Matched => "matched",
        SampleResult.Plain => "plain",
        SampleResult.Duplicate => "duplicate",
        _ => "unmatched",
    };
}
