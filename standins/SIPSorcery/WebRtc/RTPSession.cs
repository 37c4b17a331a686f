using System.Net;
using SIPSorceryMedia.Abstractions;

namespace SIPSorcery.Net;

/// <summary>The media of a peer connection.</summary>
public abstract class RTPSession : IDisposable
{
    private Action<IPEndPoint, SDPMediaTypesEnum, RTPPacket>? _onRtp;
    private Action<int, IPEndPoint, SDPMediaTypesEnum, RTPPacket>? _onRtpByIndex;
    private Action<IPEndPoint, SDPMediaTypesEnum, RTCPCompoundPacket>? _onReport;
    private Action<SDPMediaTypesEnum, RTCPCompoundPacket>? _onSendReport;

    /// <summary>
    /// Raised for each video frame as soon as its last packet is there: sender, RTP timestamp, frame (H.264: Annex B), format.
    /// </summary>
    public event Action<IPEndPoint, uint, byte[], VideoFormat>? OnVideoFrameReceived;

    /// <summary>As <see cref="OnVideoFrameReceived"/>, with the stream's number.</summary>
    public event Action<int, IPEndPoint, uint, byte[], VideoFormat>? OnVideoFrameReceivedByIndex;

    /// <summary>Raised for each RTP packet: sender, kind, packet. Costs a copy of each, so only subscribe when needed.</summary>
    public event Action<IPEndPoint, SDPMediaTypesEnum, RTPPacket>? OnRtpPacketReceived
    {
        add => Subscribe(ref _onRtp, _onRtp + value);
        remove => Subscribe(ref _onRtp, _onRtp - value);
    }

    /// <summary>As <see cref="OnRtpPacketReceived"/>, with the stream's number.</summary>
    public event Action<int, IPEndPoint, SDPMediaTypesEnum, RTPPacket>? OnRtpPacketReceivedByIndex
    {
        add => Subscribe(ref _onRtpByIndex, _onRtpByIndex + value);
        remove => Subscribe(ref _onRtpByIndex, _onRtpByIndex - value);
    }

    /// <summary>Raised for each RTCP datagram of the peer: reports, and requests such as for a key frame.</summary>
    public event Action<IPEndPoint, SDPMediaTypesEnum, RTCPCompoundPacket>? OnReceiveReport
    {
        add => Subscribe(ref _onReport, _onReport + value);
        remove => Subscribe(ref _onReport, _onReport - value);
    }

    /// <summary>Raised for each RTCP datagram that goes out.</summary>
    public event Action<SDPMediaTypesEnum, RTCPCompoundPacket>? OnSendReport
    {
        add => Subscribe(ref _onSendReport, _onSendReport + value);
        remove => Subscribe(ref _onSendReport, _onSendReport - value);
    }

    /// <summary>Raised with the formats that both sides have, most preferred first.</summary>
    public event Action<List<VideoFormat>>? OnVideoFormatsNegotiated;

    /// <summary>As <see cref="OnVideoFormatsNegotiated"/>, with the stream's number.</summary>
    public event Action<int, List<VideoFormat>>? OnVideoFormatsNegotiatedByIndex;

    /// <summary>Raised when the session closes, with the reason.</summary>
    public event Action<string>? OnRtpClosed;

    /// <summary>Raised when the peer says BYE.</summary>
    public event Action<string>? OnRtcpBye;

    /// <summary>Raised when media has not come for long.</summary>
    public event Action<SDPMediaTypesEnum>? OnTimeout;

    /// <summary>Raised when media can flow.</summary>
    public event Action? OnStarted;

    /// <summary>Raised when the session closes.</summary>
    public event Action? OnClosed;

    /// <summary>Raised when the peer's description has changed.</summary>
    public event Action<SDP>? OnRemoteDescriptionChanged;

    /// <summary>The first video stream.</summary>
    public VideoStream? VideoStream => VideoStreamList.Count > 0 ? VideoStreamList[0] : null;

    /// <summary>All video streams.</summary>
    public List<VideoStream> VideoStreamList { get; } = [];

    /// <summary>The first stream.</summary>
    public MediaStream? PrimaryStream => VideoStream;

    /// <summary>What the first video stream sends.</summary>
    public MediaStreamTrack? VideoLocalTrack => VideoStream?.LocalTrack;

    /// <summary>What the peer sends on the first video stream.</summary>
    public MediaStreamTrack? VideoRemoteTrack => VideoStream?.RemoteTrack;

    /// <summary>Where video goes, once connected.</summary>
    public IPEndPoint? VideoDestinationEndPoint => VideoStream?.DestinationEndPoint;

    /// <summary>True when there is video to send or to receive.</summary>
    public bool HasVideo => VideoStreamList.Exists(stream => stream.HasVideo);

    /// <summary>Always false: this engine carries no audio.</summary>
    public bool HasAudio => false;

    /// <summary>True after the end.</summary>
    public bool IsClosed { get; private protected set; }

    /// <summary>True once media can flow.</summary>
    public bool IsStarted { get; private protected set; }

    /// <summary>True once video can flow.</summary>
    public bool IsVideoStarted => IsStarted && HasVideo;

    /// <summary>Frames above this size are dropped.</summary>
    public int MaxReconstructedVideoFrameSize
    {
        get => VideoStream?.MaxReconstructedVideoFrameSize ?? 1048576;
        set
        {
            foreach (var stream in VideoStreamList)
            {
                stream.MaxReconstructedVideoFrameSize = value;
            }
        }
    }

    /// <summary>Adds a video track to send and receive.</summary>
    public virtual void addTrack(MediaStreamTrack track)
    {
        ArgumentNullException.ThrowIfNull(track);
        if (track.Kind != SDPMediaTypesEnum.video || track.IsRemote)
        {
            throw new ApplicationException("Only local video tracks can be added.");
        }

        var stream = VideoStreamList.Find(candidate => candidate.LocalTrack is null);
        if (stream is null)
        {
            stream = new VideoStream(this, VideoStreamList.Count);
            VideoStreamList.Add(stream);
        }

        stream.LocalTrack = track;
    }

    /// <summary>Takes a track away again; false when it is not there.</summary>
    public virtual bool removeTrack(MediaStreamTrack track)
    {
        var stream = VideoStreamList.Find(candidate => candidate.LocalTrack == track);
        if (stream is null)
        {
            return false;
        }

        stream.LocalTrack = null;
        return true;
    }

    /// <summary>Changes the direction of all streams of a kind.</summary>
    public void SetMediaStreamStatus(SDPMediaTypesEnum kind, MediaStreamStatusEnum status)
    {
        foreach (var stream in VideoStreamList)
        {
            if (stream.MediaType == kind && stream.LocalTrack is { } track)
            {
                track.StreamStatus = status;
            }
        }
    }

    /// <summary>Sends a frame on the first video stream and moves its RTP timestamp on by the duration.</summary>
    public void SendVideo(uint durationRtpUnits, byte[] sample)
    {
        if (VideoStream is { } stream)
        {
            SendVideoOn(stream, durationRtpUnits, sample);
        }
    }

    /// <summary>Sends an RTP packet of the application's own making.</summary>
    public void SendRtpRaw(SDPMediaTypesEnum mediaType, byte[] payload, uint timestamp, int markerBit, int payloadTypeID)
    {
        if (mediaType == SDPMediaTypesEnum.video && VideoStream is { } stream)
        {
            SendRawOn(stream, payload, timestamp, markerBit != 0, payloadTypeID, null);
        }
    }

    /// <summary>Sends an RTP packet of the application's own making under a sequence number of its own.</summary>
    public void SendRtpRaw(
        SDPMediaTypesEnum mediaType, byte[] payload, uint timestamp, int markerBit, int payloadTypeID, ushort seqNum)
    {
        if (mediaType == SDPMediaTypesEnum.video && VideoStream is { } stream)
        {
            SendRawOn(stream, payload, timestamp, markerBit != 0, payloadTypeID, seqNum);
        }
    }

    /// <summary>Sends feedback, for example a request for a key frame.</summary>
    public void SendRtcpFeedback(SDPMediaTypesEnum mediaType, RTCPFeedback feedback) => SendRtcp(feedback.GetBytes());

    /// <summary>Sends transport-wide feedback.</summary>
    public void SendRtcpTWCCFeedback(SDPMediaTypesEnum mediaType, RTCPTWCCFeedback feedback) => SendRtcp(feedback.GetBytes());

    /// <summary>Sends a report.</summary>
    public void SendRtcpReport(SDPMediaTypesEnum mediaType, RTCPCompoundPacket report) => SendRtcp(report.GetBytes());

    /// <summary>Sends an RTCP datagram of the application's own making.</summary>
    public void SendRtcpRaw(SDPMediaTypesEnum mediaType, byte[] payload) => SendRtcp(payload);

    /// <summary>Nothing to do: media flows as soon as the connection stands.</summary>
    public virtual Task Start() => Task.CompletedTask;

    /// <summary>True once media can be sent and received.</summary>
    public abstract bool IsSecureContextReady();

    /// <summary>Ends the session.</summary>
    public abstract void Close(string reason);

    /// <summary>Ends the session.</summary>
    public virtual void Dispose()
    {
        Close("disposed");
        GC.SuppressFinalize(this);
    }

    internal abstract void SendVideoOn(VideoStream stream, uint duration, byte[] frame, int? payloadType = null);

    internal abstract void SendRawOn(
        VideoStream stream, ReadOnlySpan<byte> payload, uint timestamp, bool marker, int payloadType, ushort? sequence);

    internal abstract void SendRtcp(ReadOnlySpan<byte> packet);

    /// <summary>Says what the application wants to see.</summary>
    private protected abstract void Listen(bool toRtp, bool toRtcp);

    private protected void RaiseRtpPacket(VideoStream stream, IPEndPoint from, RTPPacket packet)
    {
        if (stream.Index == 0)
        {
            _onRtp?.Invoke(from, stream.MediaType, packet);
        }

        _onRtpByIndex?.Invoke(stream.Index, from, stream.MediaType, packet);
    }

    private protected void RaiseReport(IPEndPoint from, RTCPCompoundPacket report, bool sent)
    {
        if (sent)
        {
            _onSendReport?.Invoke(SDPMediaTypesEnum.video, report);
        }
        else
        {
            _onReport?.Invoke(from, SDPMediaTypesEnum.video, report);
        }
    }

    private protected void RaiseVideoFrame(VideoStream stream, IPEndPoint from, uint timestamp, byte[] frame, VideoFormat format)
    {
        if (stream.Index == 0)
        {
            OnVideoFrameReceived?.Invoke(from, timestamp, frame, format);
        }

        OnVideoFrameReceivedByIndex?.Invoke(stream.Index, from, timestamp, frame, format);
    }

    private protected void RaiseVideoFormats(VideoStream stream, List<VideoFormat> formats)
    {
        if (stream.Index == 0)
        {
            OnVideoFormatsNegotiated?.Invoke(formats);
        }

        OnVideoFormatsNegotiatedByIndex?.Invoke(stream.Index, formats);
    }

    private protected void RaiseRtpClosed(string reason) => OnRtpClosed?.Invoke(reason);

    private protected void RaiseBye(string reason) => OnRtcpBye?.Invoke(reason);

    private protected void RaiseTimeout(SDPMediaTypesEnum kind) => OnTimeout?.Invoke(kind);

    private protected void RaiseStarted() => OnStarted?.Invoke();

    private protected void RaiseClosed() => OnClosed?.Invoke();

    private protected void RaiseRemoteDescriptionChanged(SDP sdp) => OnRemoteDescriptionChanged?.Invoke(sdp);

    private void Subscribe<T>(ref T? handlers, T? changed)
        where T : Delegate
    {
        handlers = changed;
        Listen(_onRtp is not null || _onRtpByIndex is not null, _onReport is not null || _onSendReport is not null);
    }
}
