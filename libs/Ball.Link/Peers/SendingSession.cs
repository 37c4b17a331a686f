using Ball.Link.Messages;
using Ball.Link.RawFrames;
using Ball.Link.Signaling;
using Microsoft.Extensions.Logging;
using SIPSorcery.Net;

namespace Ball.Link.Peers;

/// <summary>A session that sends frames and hears coordinates: the server's end.</summary>
/// <remarks>Frames are sent from one thread at a time.</remarks>
public sealed partial class SendingSession : PeerSession
{
    const long KeyframesEvery = 100_000_000;

    readonly RequestGate _keyframes = new(KeyframesEvery);
    readonly BitrateFollower _bitrate;
    RtpTimeline _timeline;
    RawFrameSender? _rawSender;
    DataChannel? _rawChannel;
    bool _started;

    public SendingSession(ISignaling signaling, PeerOptions options, TimeProvider time, ILogger log)
        : base(signaling, options, time, log) => _bitrate = new BitrateFollower(options.MaxBitrate);

    /// <summary>Coordinates came; with when they did, in nanoseconds of our clock.</summary>
    public event Action<Coordinates, long>? CoordinatesReceived;

    /// <summary>
    /// The peer can go on only with a keyframe. Answer by making the (shared) encoder's next picture one; it may be raised by
    /// several peers at once, and at most ten times a second by each.
    /// </summary>
    public event Action? KeyframeNeeded;

    /// <summary>
    /// An encoded frame is about to be sent, with this RTP timestamp: now is the time to remember it, before its coordinates can
    /// come back.
    /// </summary>
    public event Action<EncodedFrame, uint>? Sending;

    /// <summary>The bitrate that suits this peer. With a shared encoder the smallest of all counts.</summary>
    public int TargetBitrate => _bitrate.Target;

    /// <summary>Frames that were sent.</summary>
    public long Sent { get; private set; }

    /// <summary>Frames that were left out until a keyframe came.</summary>
    public long Skipped { get; private set; }

    /// <summary>Frames that were dropped because the peer was busy.</summary>
    public long Dropped { get; private set; }

    private protected override MediaStreamStatusEnum VideoDirection =>
        Options.Frames == FrameCarrier.Video ? MediaStreamStatusEnum.SendOnly : MediaStreamStatusEnum.Inactive;

    private protected override bool OffersVideo => Options.Frames == FrameCarrier.Video;

    private protected override bool OpensFramesChannel => Options.Frames == FrameCarrier.DataChannel;

    /// <summary>Questions for clocks come once a second from a peer that has nothing else to say.</summary>
    private protected override long TellingSilence => 1_500_000_000;

    /// <summary>Sends an encoded frame, which may be shared with other peers.</summary>
    public SendOutcome TrySend(EncodedFrame frame)
    {
        if (!IsConnected || Options.Frames != FrameCarrier.Video || Connection is not { } connection
            || connection.VideoLocalTrack is not { } track || track.StreamStatus is not (MediaStreamStatusEnum.SendOnly
                or MediaStreamStatusEnum.SendRecv))
        {
            _started = false;
            return SendOutcome.NotReady;
        }
        if (!_started && !frame.IsKeyframe)
        {
            Skipped++;
            AskForKeyframe();
            return SendOutcome.WaitsForKeyframe;
        }
        _started = true;
        uint rtp = track.Timestamp;
        uint duration = _timeline.DurationOf(rtp, frame.Ticks, frame.Duration);
        Sending?.Invoke(frame, rtp);
        connection.SendVideo(duration, frame.AccessUnit);
        _bitrate.Sent(frame.AccessUnit.Length, Now);
        Sent++;
        return SendOutcome.Sent;
    }

    /// <summary>
    /// Sends a raw frame, which may be shared with other peers. Its RTP timestamp is the one in its header; remember the frame
    /// before this call.
    /// </summary>
    public SendOutcome TrySend(RawFrameMessages frame)
    {
        if (!IsConnected || Options.Frames != FrameCarrier.DataChannel || OpenChannel(FramesLabel) is not { } channel)
            return SendOutcome.NotReady;
        if (!ReferenceEquals(channel, _rawChannel))
        {
            _rawChannel = channel;
            _rawSender = new RawFrameSender(channel);
        }
        if (!_rawSender!.TrySend(frame))
        {
            Dropped++;
            return SendOutcome.Busy;
        }
        Sent++;
        return SendOutcome.Sent;
    }

    private protected override void Attach(RTCPeerConnection connection) => AttachFeedback(connection);

    private protected override void OnConnected()
    {
        AskForKeyframe();
        // An answerer's channel for frames can be opened only now.
        if (OpensFramesChannel && Options.Role == PeerRole.Answer)
            OpenLater(cancel => OpenFramesChannelAsync(Connection!, cancel));
    }

    private protected override void OnHello() => SayHello("server");

    private protected override void OnCoordinates(in Coordinates coordinates, long receivedAt) =>
        CoordinatesReceived?.Invoke(coordinates, receivedAt);

    void AskForKeyframe()
    {
        if (_keyframes.TryPass(Now))
            KeyframeNeeded?.Invoke();
    }
}
