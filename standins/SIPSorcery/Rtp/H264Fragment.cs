namespace SIPSorcery.Net;

/// <summary>The payload of one packet: up to two bytes of its own, then a piece of the shared access unit.</summary>
internal readonly record struct H264Fragment(int Offset, int Length, byte HeaderLength, byte Indicator, byte FuHeader)
{
    public int PayloadLength => HeaderLength + Length;
}
