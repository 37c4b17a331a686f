namespace Ball.Quic.Packets;

/// <summary>Why a transport closes a connection (RFC 9000, section 20.1).</summary>
static class TransportError
{
    public const long None = 0x0;
    public const long Internal = 0x1;
    public const long ConnectionRefused = 0x2;
    public const long FlowControl = 0x3;
    public const long StreamLimit = 0x4;
    public const long StreamState = 0x5;
    public const long FinalSize = 0x6;
    public const long FrameEncoding = 0x7;
    public const long TransportParameter = 0x8;
    public const long ConnectionIdLimit = 0x9;
    public const long ProtocolViolation = 0xa;
    public const long InvalidToken = 0xb;
    public const long Application = 0xc;
    public const long CryptoBufferExceeded = 0xd;
    public const long KeyUpdate = 0xe;
    public const long AeadLimitReached = 0xf;
    public const long Crypto = 0x100;
}
