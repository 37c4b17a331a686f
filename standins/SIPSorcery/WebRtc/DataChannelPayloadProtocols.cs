namespace SIPSorcery.Net;

/// <summary>What a data channel message holds (RFC 8831, section 8).</summary>
public enum DataChannelPayloadProtocols : uint
{
    WebRTC_DCEP = 50,
    WebRTC_String = 51,
    WebRTC_Binary_Partial = 52,
    WebRTC_Binary = 53,
    WebRTC_String_Partial = 54,
    WebRTC_String_Empty = 56,
    WebRTC_Binary_Empty = 57,
}
