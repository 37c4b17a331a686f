using System.Threading.Channels;
using SIPSorcery.Net;
using SIPSorceryMedia.Abstractions;

namespace SIPSorcery.Tests.Examples;

/// <summary>Programs as they are written for the package build and work against this engine.</summary>
public sealed class ExampleProgramTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Two_chat_programs_talk_with_candidates_sent_one_by_one()
    {
        var (toCallee, toCaller) = (Channel.CreateUnbounded<string>(), Channel.CreateUnbounded<string>());
        using var caller = new ChatProgram("caller", message => toCallee.Writer.TryWrite(message));
        using var callee = new ChatProgram("callee", message => toCaller.Writer.TryWrite(message));
        await caller.CallAsync();
        var signalling = Task.WhenAll(CarryAsync(toCallee, callee), CarryAsync(toCaller, caller));

        await Task.WhenAll(caller.Opened.Task, callee.Opened.Task).WaitAsync(s_patience);
        caller.Say("hello");
        Assert.Equal("chat: hello", await callee.Heard.Task.WaitAsync(s_patience));
        callee.Say("hello yourself");
        Assert.Equal("chat: hello yourself", await caller.Heard.Task.WaitAsync(s_patience));

        caller.Dispose();
        await callee.Closed.Task.WaitAsync(s_patience);
        toCallee.Writer.Complete();
        toCaller.Writer.Complete();
        await signalling.WaitAsync(s_patience);
    }

    [Fact]
    public async Task A_video_sender_reaches_a_receiver_and_obeys_its_request_for_a_key_frame()
    {
        // Slices that start at the first macroblock, or the receiver misses the start of the picture.
        byte[] key =
        [
            0, 0, 0, 1, 0x67, 0x42, 0xE0, 0x1F, 1, 0, 0, 0, 1, 0x68, 0xCE, 1, 0, 0, 0, 1, 0x65,
            .. Enumerable.Repeat((byte)0x89, 3000),
        ];
        byte[] delta = [0, 0, 0, 1, 0x41, .. Enumerable.Repeat((byte)0x87, 500)];
        var keyFrames = 0;
        using var sender = new VideoSenderProgram(isKey =>
        {
            keyFrames += isKey ? 1 : 0;
            return isKey ? key : delta;
        });
        using var receiver = new RTCPeerConnection();
        receiver.addTrack(new MediaStreamTrack(
            new VideoFormat(VideoCodecsEnum.H264, 96, 90000, "packetization-mode=1"), MediaStreamStatusEnum.RecvOnly));
        var frames = Channel.CreateUnbounded<byte[]>();
        receiver.OnVideoFrameReceived += (_, _, frame, _) => frames.Writer.TryWrite(frame);

        Assert.Equal(SetDescriptionResultEnum.OK, receiver.setRemoteDescription(await sender.OfferAsync()));
        var answer = receiver.createAnswer(null);
        await receiver.setLocalDescription(answer);
        Assert.Equal(SetDescriptionResultEnum.OK, sender.Take(answer));

        Assert.Equal(key, await NextAsync(frame => frame.Length > 1000));
        Assert.Equal(delta, await NextAsync(frame => frame.Length < 1000));
        Assert.Equal(102, sender.SendingPayloadType);
        receiver.SendRtcpFeedback(SDPMediaTypesEnum.video, new RTCPFeedback(
            receiver.VideoLocalTrack!.Ssrc, receiver.VideoRemoteTrack!.Ssrc, PSFBFeedbackTypesEnum.PLI));
        Assert.Equal(key, await NextAsync(frame => frame.Length > 1000));

        await sender.StopAsync();
        Assert.InRange(keyFrames, 2, int.MaxValue);

        async Task<byte[]> NextAsync(Predicate<byte[]> wanted)
        {
            using var timeout = new CancellationTokenSource(s_patience);
            while (true)
            {
                var frame = await frames.Reader.ReadAsync(timeout.Token);
                if (wanted(frame))
                {
                    return frame;
                }
            }
        }
    }

    private static async Task CarryAsync(Channel<string> messages, ChatProgram to)
    {
        await foreach (var message in messages.Reader.ReadAllAsync())
        {
            await to.TakeAsync(message);
        }
    }
}
