namespace SIPSorcery.Net;

/// <summary>The component of a candidate; with rtcp-mux it is always <see cref="rtp"/>.</summary>
public enum RTCIceComponent
{
    rtp = 1,
    rtcp = 2,
}
