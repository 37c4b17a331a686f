namespace SIPSorcery.Net;

/// <summary>The transport protocol of a candidate.</summary>
public enum RTCIceProtocol
{
    udp,
    tcp,
}
