using Interop.Support;

namespace Interop;

/// <summary>Sessions with GStreamer's webrtcbin (libnice, OpenSSL, usrsctp).</summary>
public sealed class GStreamerTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task It_answers_our_offer_and_video_and_data_flow_both_ways()
    {
        await using var gstreamer = ScriptPeer.GStreamer();
        await using var ours = new OurPeer(video: true);
        gstreamer.Tell(new { type = "offer", sdp = await ours.OfferAsync("ours") });
        ours.TakeAnswer((string)(await gstreamer.ExpectAsync("type"))["sdp"]!);

        await ours.Connected.Task.WaitAsync(Patience);
        ours.StartVideo();
        var channel = await ours.Opened.Task.WaitAsync(Patience);
        channel.send("hello");
        Assert.True(ours.Texts.TryTake(out var echo, Patience));
        Assert.Equal("echo:hello", echo);
        await gstreamer.ExpectAsync("frames", count => (int)count! >= 30);
        Assert.InRange(await ours.DecodedAsync(30), 25, int.MaxValue);
    }
}
