namespace SIPSorcery.Net;

/// <summary>How a TCP candidate connects.</summary>
public enum RTCIceTcpCandidateType
{
    active,
    passive,
    so,
}
