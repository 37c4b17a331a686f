using System.Buffers.Binary;

namespace SIPSorcery.Net;

/// <summary>A report block as a value, for the paths that must not allocate.</summary>
internal readonly record struct ReportBlock(
    uint Ssrc, byte FractionLost, int PacketsLost, uint HighestSequence, uint Jitter, uint LastSr, uint DelaySinceSr)
{
    public const int Size = 24;

    public ReportBlock(ReadOnlySpan<byte> bytes) : this(
        BinaryPrimitives.ReadUInt32BigEndian(bytes),
        bytes[4],
        BinaryPrimitives.ReadInt32BigEndian(bytes[4..]) << 8 >> 8, // 24 bits, signed
        BinaryPrimitives.ReadUInt32BigEndian(bytes[8..]),
        BinaryPrimitives.ReadUInt32BigEndian(bytes[12..]),
        BinaryPrimitives.ReadUInt32BigEndian(bytes[16..]),
        BinaryPrimitives.ReadUInt32BigEndian(bytes[20..Size]))
    {
    }

    public void Write(Span<byte> bytes)
    {
        BinaryPrimitives.WriteUInt32BigEndian(bytes, Ssrc);
        BinaryPrimitives.WriteInt32BigEndian(bytes[4..], Math.Clamp(PacketsLost, -0x800000, 0x7FFFFF) & 0xFFFFFF);
        bytes[4] = FractionLost;
        BinaryPrimitives.WriteUInt32BigEndian(bytes[8..], HighestSequence);
        BinaryPrimitives.WriteUInt32BigEndian(bytes[12..], Jitter);
        BinaryPrimitives.WriteUInt32BigEndian(bytes[16..], LastSr);
        BinaryPrimitives.WriteUInt32BigEndian(bytes[20..], DelaySinceSr);
    }
}
