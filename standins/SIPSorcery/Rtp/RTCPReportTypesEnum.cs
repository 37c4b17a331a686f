namespace SIPSorcery.Net;

/// <summary>RTCP packet types.</summary>
public enum RTCPReportTypesEnum : byte
{
    SR = 200,
    RR = 201,
    SDES = 202,
    BYE = 203,
    APP = 204,
    RTPFB = 205,
    PSFB = 206,
    XR = 207,
}
