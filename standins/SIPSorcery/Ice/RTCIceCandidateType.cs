namespace SIPSorcery.Net;

/// <summary>Where a candidate comes from.</summary>
public enum RTCIceCandidateType
{
    host,
    prflx,
    srflx,
    relay,
}
