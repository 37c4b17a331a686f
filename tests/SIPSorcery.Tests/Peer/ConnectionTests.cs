using SIPSorcery.Net;
using SIPSorceryMedia.Abstractions;

namespace SIPSorcery.Tests.Peer;

/// <summary>Whole connections over the machine's own sockets.</summary>
public sealed class ConnectionTests : IDisposable
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(15);

    private readonly RTCPeerConnection _alice = new();
    private readonly RTCPeerConnection _bob = new();

    public void Dispose()
    {
        _alice.Dispose();
        _bob.Dispose();
    }

    [Fact]
    public async Task A_data_channel_opens_and_carries_messages_both_ways()
    {
        var channel = await _alice.createDataChannel("talk");
        var opened = new TaskCompletionSource();
        var answered = new TaskCompletionSource<string>();
        channel.onopen += () => opened.TrySetResult();
        channel.onmessage += (_, _, data) => answered.TrySetResult(System.Text.Encoding.UTF8.GetString(data));
        _bob.ondatachannel += theirs =>
            theirs.onmessage += (_, kind, data) => theirs.send("you said " + System.Text.Encoding.UTF8.GetString(data));

        Join(_alice, _bob);
        await opened.Task.WaitAsync(Long);
        channel.send("hello");

        Assert.Equal("you said hello", await answered.Task.WaitAsync(Long));
    }

    [Fact]
    public async Task A_video_frame_arrives_as_it_was_sent()
    {
        _alice.addTrack(new MediaStreamTrack(new VideoFormat(VideoCodecsEnum.H264, 96, 90000, "packetization-mode=1")));
        _bob.addTrack(new MediaStreamTrack(
            new VideoFormat(VideoCodecsEnum.H264, 96, 90000, "packetization-mode=1"), MediaStreamStatusEnum.RecvOnly));
        var received = new TaskCompletionSource<(uint Timestamp, byte[] Frame)>();
        _bob.OnVideoFrameReceived += (_, timestamp, frame, _) => received.TrySetResult((timestamp, frame));
        var connected = new TaskCompletionSource();
        _alice.onconnectionstatechange += state =>
        {
            if (state == RTCPeerConnectionState.connected)
            {
                connected.TrySetResult();
            }
        };

        Join(_alice, _bob);
        await connected.Task.WaitAsync(Long);
        byte[] frame = [0, 0, 0, 1, 0x67, 1, 2, 3, 0, 0, 0, 1, 0x68, 4, 5, 0, 0, 0, 1, 0x65, 0x88, .. Enumerable.Repeat((byte)7, 5000)];
        for (var attempt = 0; attempt < 100 && !received.Task.IsCompleted; attempt++)
        {
            _alice.SendVideo(3000, frame);
            await Task.WhenAny(received.Task, Task.Delay(50));
        }

        Assert.Equal(frame, (await received.Task.WaitAsync(Long)).Frame);
    }

    private static void Join(RTCPeerConnection offerer, RTCPeerConnection answerer)
    {
        var offer = offerer.createOffer();
        _ = offerer.setLocalDescription(offer);
        Assert.Equal(SetDescriptionResultEnum.OK, answerer.setRemoteDescription(offer));
        var answer = answerer.createAnswer();
        _ = answerer.setLocalDescription(answer);
        Assert.Equal(SetDescriptionResultEnum.OK, offerer.setRemoteDescription(answer));
    }
}
