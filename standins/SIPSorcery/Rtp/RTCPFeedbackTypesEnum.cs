namespace SIPSorcery.Net;

/// <summary>Transport layer feedback messages (RTCP packet type RTPFB).</summary>
public enum RTCPFeedbackTypesEnum : int
{
    unassigned = 0,
    NACK = 1,
    TMMBR = 3,
    TMMBN = 4,
    RTCP_SR_REQ = 5,
    RAMS = 6,
    TLLEI = 7,
    RTCP_ECN_FB = 8,
    PAUSE_RESUME = 9,
    DBI = 10,
    TWCC = 15,
}
