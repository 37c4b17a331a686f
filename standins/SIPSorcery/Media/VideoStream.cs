namespace SIPSorcery.Net;

/// <summary>A video m-line at work.</summary>
public class VideoStream : MediaStream
{
    internal VideoStream(RTPSession session, int index)
        : base(session, SDPMediaTypesEnum.video, index)
    {
    }

    /// <summary>True when there is something to send or to receive.</summary>
    public bool HasVideo =>
        (LocalTrack is { } local && local.StreamStatus != MediaStreamStatusEnum.Inactive) ||
        (RemoteTrack is { } remote && remote.StreamStatus != MediaStreamStatusEnum.Inactive);

    /// <summary>Frames above this size are dropped.</summary>
    public int MaxReconstructedVideoFrameSize { get; set; } = 1048576;

    /// <summary>What was agreed on, once both descriptions are in force.</summary>
    internal VideoAgreement? Agreement { get; set; }

    /// <summary>Sends a frame and moves the RTP timestamp on by its duration.</summary>
    public void SendVideo(uint durationRtpUnits, byte[] sample) => Session.SendVideoOn(this, durationRtpUnits, sample);

    /// <summary>Sends an H.264 access unit (Annex B) under a payload type.</summary>
    public void SendH264Frame(uint duration, int payloadTypeID, byte[] accessUnit) =>
        Session.SendVideoOn(this, duration, accessUnit, payloadTypeID);

    /// <summary>Sends feedback, for example a request for a key frame.</summary>
    public void SendRtcpFeedback(RTCPFeedback feedback) => Session.SendRtcp(feedback.GetBytes());

    /// <summary>Sends an RTP packet of the application's own making.</summary>
    public void SendRtpRaw(byte[] data, uint timestamp, int markerBit, int payloadType) =>
        Session.SendRawOn(this, data, timestamp, markerBit != 0, payloadType, null);

    /// <summary>Sends an RTP packet of the application's own making under a sequence number of its own.</summary>
    public void SendRtpRaw(byte[] data, uint timestamp, int markerBit, int payloadType, ushort seqNum) =>
        Session.SendRawOn(this, data, timestamp, markerBit != 0, payloadType, seqNum);
}
