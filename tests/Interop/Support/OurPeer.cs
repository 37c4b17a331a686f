using System.Collections.Concurrent;
using System.Text;
using SIPSorcery.Net;
using SIPSorceryMedia.Abstractions;

namespace Interop.Support;

/// <summary>Our own end in the interop tests: sends the clip, collects what comes.</summary>
internal sealed class OurPeer : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private readonly CancellationTokenSource _stop = new();
    private Task _sending = Task.CompletedTask;

    public OurPeer(bool video, RTCConfiguration? configuration = null, int port = 0)
    {
        Connection = new RTCPeerConnection(configuration, port);
        if (video)
        {
            Connection.addTrack(new MediaStreamTrack(new VideoFormat(
                VideoCodecsEnum.H264, 96, 90000, "packetization-mode=1;profile-level-id=42e01f;level-asymmetry-allowed=1")));
        }

        Connection.onconnectionstatechange += state =>
        {
            if (state == RTCPeerConnectionState.connected)
            {
                Connected.TrySetResult();
            }
            else if (state == RTCPeerConnectionState.closed)
            {
                Closed.TrySetResult();
            }
        };
        Connection.OnVideoFrameReceived += (_, _, frame, _) => Frames.Enqueue(frame);
        Connection.ondatachannel += Listen;
    }

    public RTCPeerConnection Connection { get; }

    public TaskCompletionSource Connected { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public TaskCompletionSource Closed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public TaskCompletionSource<RTCDataChannel> Opened { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public BlockingCollection<string> Texts { get; } = [];

    public BlockingCollection<byte[]> Blobs { get; } = [];

    public ConcurrentQueue<byte[]> Frames { get; } = new();

    public async Task<string> OfferAsync(string? label = null)
    {
        if (label is not null)
        {
            Listen(await Connection.createDataChannel(label));
        }

        var offer = Connection.createOffer();
        await Connection.setLocalDescription(offer);
        return offer.sdp;
    }

    public void TakeAnswer(string sdp) => Assert.Equal(
        SetDescriptionResultEnum.OK,
        Connection.setRemoteDescription(new RTCSessionDescriptionInit { type = RTCSdpType.answer, sdp = sdp }));

    public async Task<string> AnswerAsync(string offer)
    {
        Assert.Equal(
            SetDescriptionResultEnum.OK,
            Connection.setRemoteDescription(new RTCSessionDescriptionInit { type = RTCSdpType.offer, sdp = offer }));
        var answer = Connection.createAnswer();
        await Connection.setLocalDescription(answer);
        return answer.sdp;
    }

    /// <summary>Sends the clip, from its key frame on as soon as there is a connection.</summary>
    public void StartVideo() => _sending = SendVideoAsync();

    public async Task<int> DecodedAsync(int wanted)
    {
        using var timeout = new CancellationTokenSource(s_patience);
        while (Frames.Count < wanted)
        {
            await Task.Delay(20, timeout.Token);
        }

        return await H264Clip.CountDecodedAsync(Frames);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _sending;
        Connection.Dispose();
    }

    private void Listen(RTCDataChannel channel)
    {
        channel.onopen += () => Opened.TrySetResult(channel);
        channel.onmessage += (_, kind, data) =>
        {
            if (kind == DataChannelPayloadProtocols.WebRTC_String)
            {
                Texts.Add(Encoding.UTF8.GetString(data));
            }
            else
            {
                Blobs.Add(data);
            }
        };
    }

    private async Task SendVideoAsync()
    {
        try
        {
            await Connected.Task.WaitAsync(_stop.Token);
            using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(33));
            var number = 0;
            do
            {
                Connection.SendVideo(3000, H264Clip.Frames[number++ % H264Clip.Frames.Count]);
            }
            while (await timer.WaitForNextTickAsync(_stop.Token));
        }
        catch (OperationCanceledException)
        {
        }
    }
}
