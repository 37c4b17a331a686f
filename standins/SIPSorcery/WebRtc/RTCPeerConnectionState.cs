namespace SIPSorcery.Net;

/// <summary>The state of a peer connection as a whole: ICE and DTLS together.</summary>
public enum RTCPeerConnectionState
{
    closed,
    failed,
    disconnected,
    @new,
    connecting,
    connected,
}
