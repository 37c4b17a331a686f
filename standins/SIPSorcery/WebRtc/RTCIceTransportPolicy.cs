namespace SIPSorcery.Net;

/// <summary>Which candidates a connection may use.</summary>
public enum RTCIceTransportPolicy
{
    all,
    relay,
}
