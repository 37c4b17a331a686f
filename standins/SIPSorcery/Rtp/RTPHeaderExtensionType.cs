namespace SIPSorcery.Net;

/// <summary>The two forms of header extension elements in RFC 8285.</summary>
public enum RTPHeaderExtensionType
{
    OneByte,
    TwoByte,
}
