using SIPSorcery.Net;

namespace Ball.Link.Peers;

/// <summary>What the peer's RTCP says.</summary>
public sealed partial class SendingSession
{
    void AttachFeedback(RTCPeerConnection connection) { }
}
