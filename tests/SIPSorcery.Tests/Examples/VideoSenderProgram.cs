using SIPSorcery.Net;
using SIPSorceryMedia.Abstractions;

namespace SIPSorcery.Tests.Examples;

/// <summary>Sends H.264 from an encoder to whoever answers, as an application of the package would.</summary>
internal sealed class VideoSenderProgram : IDisposable
{
    private const int FramesPerSecond = 30;

    private readonly RTCPeerConnection _connection = new(null);
    private readonly CancellationTokenSource _stop = new();
    private readonly Func<bool, byte[]> _encode;
    private Task _sending = Task.CompletedTask;
    private VideoFormat _format;
    private int _keyFramesAsked = 1;

    public VideoSenderProgram(Func<bool, byte[]> encode)
    {
        _encode = encode;
        var track = new MediaStreamTrack(
            new List<VideoFormat> { new(VideoCodecsEnum.H264, 102, VideoFormat.DEFAULT_CLOCK_RATE, "packetization-mode=1") },
            MediaStreamStatusEnum.SendOnly);
        _connection.addTrack(track);
        _connection.OnVideoFormatsNegotiated += formats => _format = formats.First();
        _connection.OnReceiveReport += (_, media, report) =>
        {
            if (media == SDPMediaTypesEnum.video &&
                report.Feedback?.Header.PayloadFeedbackMessageType == PSFBFeedbackTypesEnum.PLI)
            {
                Interlocked.Exchange(ref _keyFramesAsked, 1);
            }
        };
        _connection.onconnectionstatechange += state =>
        {
            if (state == RTCPeerConnectionState.connected)
            {
                _sending = SendAsync();
            }
            else if (state is RTCPeerConnectionState.failed or RTCPeerConnectionState.closed)
            {
                _stop.Cancel();
            }
        };
    }

    public async Task<RTCSessionDescriptionInit> OfferAsync()
    {
        var offer = _connection.createOffer(null);
        await _connection.setLocalDescription(offer);
        return offer;
    }

    public SetDescriptionResultEnum Take(RTCSessionDescriptionInit answer) => _connection.setRemoteDescription(answer);

    public int SendingPayloadType => _format.FormatID;

    public async Task StopAsync()
    {
        _connection.Close("bye");
        await _stop.CancelAsync();
        await _sending;
    }

    public void Dispose()
    {
        _connection.Dispose();
        _stop.Dispose();
    }

    private async Task SendAsync()
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1.0 / FramesPerSecond));
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token))
            {
                var frame = _encode(Interlocked.Exchange(ref _keyFramesAsked, 0) == 1);
                _connection.SendVideo(VideoFormat.DEFAULT_CLOCK_RATE / FramesPerSecond, frame);
            }
        }
        catch (OperationCanceledException)
        {
            // The end.
        }
    }
}
