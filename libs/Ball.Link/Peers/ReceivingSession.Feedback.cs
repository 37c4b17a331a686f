using SIPSorcery.Net;

namespace Ball.Link.Peers;

/// <summary>What we say by RTCP.</summary>
public sealed partial class ReceivingSession
{
    static void SendPictureLoss(RTCPeerConnection connection) { }
}
