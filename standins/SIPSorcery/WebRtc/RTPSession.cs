using System.Net;
using SIPSorceryMedia.Abstractions;

namespace SIPSorcery.Net;

/// <summary>The media of a peer connection.</summary>
public abstract class RTPSession : IDisposable
{
    /// <summary>
    /// Raised for each video frame as soon as its last packet is there: sender, RTP timestamp, frame (H.264: Annex B), format.
    /// </summary>
    public event Action<IPEndPoint, uint, byte[], VideoFormat>? OnVideoFrameReceived;

    /// <summary>As <see cref="OnVideoFrameReceived"/>, with the stream's number.</summary>
    public event Action<int, IPEndPoint, uint, byte[], VideoFormat>? OnVideoFrameReceivedByIndex;

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

    /// <summary>Ends the session.</summary>
    public abstract void Close(string reason);

    /// <summary>Ends the session.</summary>
    public virtual void Dispose()
    {
        Close("disposed");
        GC.SuppressFinalize(this);
    }

    internal abstract void SendVideoOn(VideoStream stream, uint duration, byte[] frame, int? payloadType = null);

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
}
