namespace SIPSorcery.Net;

/// <summary>The negotiated ids of the header extensions that are used; 0 stands for "not negotiated".</summary>
internal readonly record struct RtpExtensionIds(
    byte Mid = 0, byte AbsSendTime = 0, byte TransportSequence = 0, byte PlayoutDelay = 0)
{
    public const string MidUri = "urn:ietf:params:rtp-hdrext:sdes:mid";
}
