using SIPSorcery.Net;

namespace Ball.Link.Peers;

/// <summary>What we say by RTCP.</summary>
public sealed partial class ReceivingSession
{
    static void SendPictureLoss(RTCPeerConnection connection)
    {
        uint ours = connection.VideoLocalTrack?.Ssrc ?? 0;
        uint theirs = connection.VideoRemoteTrack?.Ssrc ?? 0;
        connection.SendRtcpFeedback(SDPMediaTypesEnum.video, new RTCPFeedback(ours, theirs, PSFBFeedbackTypesEnum.PLI));
    }
}
