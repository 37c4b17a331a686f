namespace SIPSorcery.Net;

/// <summary>SRTP protection profiles by their DTLS-SRTP number (RFC 5764, RFC 7714).</summary>
internal enum SrtpProfile : ushort
{
    Aes128CmHmacSha1_80 = 0x0001,
    AeadAes128Gcm = 0x0007,
}
