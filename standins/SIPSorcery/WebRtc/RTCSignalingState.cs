namespace SIPSorcery.Net;

/// <summary>Where the offer/answer exchange stands.</summary>
public enum RTCSignalingState
{
    stable,
    have_local_offer,
    have_remote_offer,
    have_local_pranswer,
    have_remote_pranswer,
    closed,
}
