namespace Ball.Quic.Packets;

/// <summary>Frame types (RFC 9000, section 19; RFC 9221, section 4).</summary>
static class FrameType
{
    public const int Padding = 0x00;
    public const int Ping = 0x01;
    public const int Ack = 0x02;
    public const int AckEcn = 0x03;
    public const int ResetStream = 0x04;
    public const int StopSending = 0x05;
    public const int Crypto = 0x06;
    public const int NewToken = 0x07;
    public const int Stream = 0x08;
    public const int StreamLast = 0x0f;
    public const int MaxData = 0x10;
    public const int MaxStreamData = 0x11;
    public const int MaxStreamsBidi = 0x12;
    public const int MaxStreamsUni = 0x13;
    public const int DataBlocked = 0x14;
    public const int StreamDataBlocked = 0x15;
    public const int StreamsBlockedBidi = 0x16;
    public const int StreamsBlockedUni = 0x17;
    public const int NewConnectionId = 0x18;
    public const int RetireConnectionId = 0x19;
    public const int PathChallenge = 0x1a;
    public const int PathResponse = 0x1b;
    public const int CloseTransport = 0x1c;
    public const int CloseApplication = 0x1d;
    public const int HandshakeDone = 0x1e;
    public const int Datagram = 0x30;
    public const int DatagramWithLength = 0x31;
}
