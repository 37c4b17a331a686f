using Interop.Support;

namespace Interop;

/// <summary>Sessions with GStreamer's webrtcbin (libnice, OpenSSL, usrsctp).</summary>
public sealed class GStreamerTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task It_answers_our_offer_and_video_and_data_flow_both_ways()
    {
        await using var gstreamer = ScriptPeer.GStreamer("answer");
        await using var ours = new OurPeer(video: true);
        gstreamer.Tell(new { type = "offer", sdp = await ours.OfferAsync("ours") });
        ours.TakeAnswer((string)(await gstreamer.ExpectAsync("type"))["sdp"]!);

        await CheckAsync(gstreamer, ours);
    }

    [Fact]
    public async Task It_offers_and_video_and_data_flow_both_ways_and_it_sees_the_channel_close()
    {
        await using var gstreamer = ScriptPeer.GStreamer("offer");
        await using var ours = new OurPeer(video: true);
        var offer = (string)(await gstreamer.ExpectAsync("type"))["sdp"]!;
        gstreamer.Tell(new { type = "answer", sdp = await ours.AnswerAsync(offer) });

        await CheckAsync(gstreamer, ours);
        var channel = await ours.Opened.Task;
        Assert.Equal("from-gstreamer", channel.label);
        channel.close();
        await gstreamer.ExpectAsync("closed", label => (string)label! == "from-gstreamer");
    }

    private static async Task CheckAsync(ScriptPeer gstreamer, OurPeer ours)
    {
        await ours.Connected.Task.WaitAsync(s_patience);
        ours.StartVideo();
        var channel = await ours.Opened.Task.WaitAsync(s_patience);
        channel.send("hello");
        Assert.True(ours.Texts.TryTake(out var echo, s_patience));
        Assert.Equal("echo:hello", echo);
        await gstreamer.ExpectAsync("frames", count => (int)count! >= 30);
        Assert.InRange(await ours.DecodedAsync(30), 25, int.MaxValue);
    }
}
