namespace SIPSorcery.Net;

/// <summary>Payload-specific feedback messages (RTCP packet type PSFB).</summary>
public enum PSFBFeedbackTypesEnum : byte
{
    unassigned = 0,
    PLI = 1,
    SLI = 2,
    RPSI = 3,
    FIR = 4,
    TSTR = 5,
    TSTN = 6,
    VBCM = 7,
    PSLEI = 8,
    ROI = 9,
    LRR = 10,
    AFB = 15,
}
