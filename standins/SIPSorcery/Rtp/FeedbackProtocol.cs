namespace SIPSorcery.Net;

/// <summary>Whether feedback is about the transport or about the payload.</summary>
public enum FeedbackProtocol
{
    RTCP = 0,
    PSFB = 1,
}
