namespace SIPSorcery.Net;

/// <summary>RTCP always shares the port of RTP.</summary>
public enum RTCRtcpMuxPolicy
{
    require,
}
