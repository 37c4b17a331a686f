using System.Text;
using Ball.Link.Messages;
using Ball.Link.RawFrames;
using Ball.Link.Signaling;
using Microsoft.Extensions.Logging;
using SIPSorcery.Net;
using SIPSorceryMedia.Abstractions;

namespace Ball.Link.Peers;

/// <summary>A session that receives frames, as video or raw, and reports coordinates: the client's end.</summary>
public sealed partial class ReceivingSession : PeerSession
{
    const long KeyframesEvery = 200_000_000;
    static readonly TimeSpan s_channelPatience = TimeSpan.FromSeconds(2);

    readonly MessageTemplate _template;
    readonly RequestGate _keyframes = new(KeyframesEvery);
    readonly RawFrameAssembler _assembler = new();
    readonly Lock _reporting = new();
    readonly byte[] _text = new byte[MessageTemplate.MaxLength];
    int _helloSaid;
    uint _firstRtp;
    bool _hasFirst;

    public ReceivingSession(
        ISignaling signaling, PeerOptions options, MessageTemplate template, TimeProvider time, ILogger log)
        : base(signaling, options, time, log) => _template = template;

    /// <summary>An encoded frame came.</summary>
    public event Action<ReceivedFrame>? FrameReceived;

    /// <summary>A raw frame came.</summary>
    public event RawFrameHandler? RawFrameReceived;

    /// <summary>Frames that came, as video or raw.</summary>
    public long Received { get; private set; }

    /// <summary>Raw frames that were overtaken before they were complete.</summary>
    public long Dropped => _assembler.Dropped;

    /// <summary>Coordinates that were sent.</summary>
    public long Reported { get; private set; }

    private protected override MediaStreamStatusEnum VideoDirection => MediaStreamStatusEnum.RecvOnly;

    private protected override bool OffersVideo => true;

    private protected override bool OpensFramesChannel => false;

    /// <summary>Many frames would have come in this time.</summary>
    private protected override long TellingSilence => 500_000_000;

    /// <summary>Tells the peer where the ball was.</summary>
    /// <param name="coordinates">
    /// Position, confidence and times (but for <see cref="StageTimes.Sent"/>), with the frame's RTP timestamp; everything else
    /// that identifies the frame is filled in here.
    /// </param>
    /// <returns>False where there is no channel (yet) to send it on.</returns>
    public bool Report(in Coordinates coordinates)
    {
        if (!IsConnected || OpenChannel(CoordinatesLabel, orAny: true) is not { } channel)
            return false;
        lock (_reporting)
        {
            var message = coordinates with
            {
                Identity = FrameIdentity.Rtp,
                Pts = unchecked(coordinates.Rtp - _firstRtp),
                Times = coordinates.Times with { Sent = Now },
            };
            int length = _template.Write(message, _text);
            if (length == 0)
                return false;
            channel.Send(Encoding.UTF8.GetString(_text, 0, length));
            Reported++;
            return true;
        }
    }

    /// <summary>The decoder lost its way: asks the sender for a keyframe, at most five times a second.</summary>
    public void RequestKeyframe()
    {
        if (IsConnected && Connection is { } connection && _keyframes.TryPass(Now))
            SendPictureLoss(connection);
    }

    private protected override void Attach(RTCPeerConnection connection) =>
        connection.OnVideoFrameReceived += (_, rtp, accessUnit, format) => OnFrame(rtp, accessUnit, format);

    private protected override void OnConnected()
    {
        // A peer that offered data channels but opens none leaves that to us.
        if (Options.Role == PeerRole.Answer)
            OpenLater(OpenMissingChannelAsync);
    }

    private protected override void OnChannelOpen(DataChannel channel)
    {
        // Frames may open first, but hello belongs where coordinates go.
        if (_template.IsJson && channel.Label != FramesLabel && Interlocked.Exchange(ref _helloSaid, 1) == 0)
            SayHello("client");
    }

    private protected override void OnBinary(ReadOnlySpan<byte> message, long receivedAt)
    {
        if (!_assembler.Accept(message, out var frame))
            return;
        Received++;
        SetFirst(frame.Header.Rtp);
        RawFrameReceived?.Invoke(frame, receivedAt);
    }

    async Task OpenMissingChannelAsync(CancellationToken cancel)
    {
        await Task.Delay(s_channelPatience, Time, cancel).ConfigureAwait(false);
        if (OpenChannel(CoordinatesLabel, orAny: true) is null && Connection is { } connection
            && connection.sctp.state == RTCSctpTransportState.Connected)
            await OpenCoordinatesChannelAsync(connection, cancel).ConfigureAwait(false);
    }

    void OnFrame(uint rtp, byte[] accessUnit, VideoFormat format)
    {
        long now = Now;
        Heard(now);
        if (format.Codec != VideoCodecsEnum.H264)
            return;
        try
        {
            Received++;
            SetFirst(rtp);
            FrameReceived?.Invoke(new ReceivedFrame(accessUnit, rtp, now));
        }
        catch (Exception e)
        {
            Fail(e);
        }
    }

    void SetFirst(uint rtp)
    {
        if (_hasFirst)
            return;
        _firstRtp = rtp;
        _hasFirst = true;
    }
}
