using Interop.Support;

namespace Interop;

/// <summary>Sessions with aiortc, an independent implementation in Python.</summary>
public sealed class AiortcTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    /// <summary>What is lost again when it is sent again waits 3, 6, 12, 24 s: rare, but it happens.</summary>
    private static readonly TimeSpan s_retries = TimeSpan.FromSeconds(100);

    [Fact]
    public async Task It_answers_our_offer_with_data()
    {
        await using var aiortc = ScriptPeer.Aiortc("answer", "data");
        await using var ours = new OurPeer(video: false);
        aiortc.Tell(new { type = "offer", sdp = await ours.OfferAsync("ours") });
        ours.TakeAnswer((string)(await aiortc.ExpectAsync("type"))["sdp"]!);

        await ours.Connected.Task.WaitAsync(s_patience);
        var channel = await ours.Opened.Task.WaitAsync(s_patience);
        channel.send("hello");
        Assert.True(ours.Texts.TryTake(out var echo, s_patience));
        Assert.Equal("echo:hello", echo);
        channel.send(new byte[60_000]);
        Assert.True(ours.Blobs.TryTake(out var blob, s_patience));
        Assert.Equal(60_000, blob!.Length);
    }

    [Fact]
    public async Task It_offers_and_we_answer_with_data()
    {
        await using var aiortc = ScriptPeer.Aiortc("offer", "data");
        await using var ours = new OurPeer(video: false);
        aiortc.Tell(new { type = "answer", sdp = await ours.AnswerAsync((string)(await aiortc.ExpectAsync("type"))["sdp"]!) });

        var channel = await ours.Opened.Task.WaitAsync(s_patience);
        Assert.Equal("from-aiortc", channel.label);
        // Its own end is open once our answer has come.
        await aiortc.ExpectAsync("open");
        aiortc.Tell(new { send = "hi" });
        Assert.True(ours.Texts.TryTake(out var text, s_patience));
        Assert.Equal("hi", text);
        channel.send("back");
        await aiortc.ExpectAsync("message", message => (string)message! == "back");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Video_is_decoded_on_both_sides(bool weOffer)
    {
        await using var aiortc = ScriptPeer.Aiortc(weOffer ? "answer" : "offer", "video", "data");
        await using var ours = new OurPeer(video: true);
        if (weOffer)
        {
            aiortc.Tell(new { type = "offer", sdp = await ours.OfferAsync("ours") });
            ours.TakeAnswer((string)(await aiortc.ExpectAsync("type"))["sdp"]!);
        }
        else
        {
            var offer = (string)(await aiortc.ExpectAsync("type"))["sdp"]!;
            aiortc.Tell(new { type = "answer", sdp = await ours.AnswerAsync(offer) });
        }

        await ours.Connected.Task.WaitAsync(s_patience);
        ours.StartVideo();
        var picture = await aiortc.ExpectAsync("frames", count => (int)count! >= 30);
        Assert.Equal((320, 240), ((int)picture["width"]!, (int)picture["height"]!));
        Assert.InRange(await ours.DecodedAsync(30), 29, int.MaxValue);
        await ours.Opened.Task.WaitAsync(s_patience);
    }

    [Fact]
    public async Task Over_a_lossy_link_all_data_arrives_and_video_goes_on()
    {
        await using var link = new LossyLink(loss: 0.05, delay: TimeSpan.FromMilliseconds(25), seed: 1);
        await using var aiortc = ScriptPeer.Aiortc("answer", "video", "data");
        await using var ours = new OurPeer(video: true);
        aiortc.Tell(new { type = "offer", sdp = link.FromLeft(await ours.OfferAsync("ours")) });
        ours.TakeAnswer(link.FromRight((string)(await aiortc.ExpectAsync("type"))["sdp"]!));

        var channel = await ours.Opened.Task.WaitAsync(s_patience);
        ours.StartVideo();
        for (var number = 0; number < 100; number++)
        {
            channel.send($"message {number}");
        }

        for (var number = 0; number < 100; number++)
        {
            Assert.True(
                ours.Texts.TryTake(out var echo, s_retries),
                $"message {number} never came back; {channel.bufferedAmount} bytes of ours wait");
            Assert.Equal($"echo:message {number}", echo);
        }

        await aiortc.ExpectAsync("frames", count => (int)count! >= 30);
        Assert.InRange(await ours.DecodedAsync(60), 50, int.MaxValue);
        Assert.InRange(link.Lost, 1, int.MaxValue);
    }

    [Fact]
    public async Task Whoever_closes_is_seen_and_a_new_session_works()
    {
        await using (var aiortc = ScriptPeer.Aiortc("answer", "data"))
        {
            await using var ours = new OurPeer(video: false);
            aiortc.Tell(new { type = "offer", sdp = await ours.OfferAsync("first") });
            ours.TakeAnswer((string)(await aiortc.ExpectAsync("type"))["sdp"]!);
            await ours.Opened.Task.WaitAsync(s_patience);
            aiortc.Tell(new { close = true });
            await ours.Closed.Task.WaitAsync(s_patience);
        }

        await using var again = ScriptPeer.Aiortc("answer", "data");
        await using var second = new OurPeer(video: false);
        again.Tell(new { type = "offer", sdp = await second.OfferAsync("second") });
        second.TakeAnswer((string)(await again.ExpectAsync("type"))["sdp"]!);
        await second.Opened.Task.WaitAsync(s_patience);
        second.Connection.close();
        await again.ExpectAsync("closed");
    }
}
