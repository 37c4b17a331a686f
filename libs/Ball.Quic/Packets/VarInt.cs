using System.Buffers.Binary;

namespace Ball.Quic.Packets;

/// <summary>QUIC's variable-length integer (RFC 9000, section 16), which HTTP/3 uses too.</summary>
public static class VarInt
{
    /// <summary>The largest number that can be written.</summary>
    public const long Max = (1L << 62) - 1;

    /// <summary>The most bytes a number takes.</summary>
    public const int MaxLength = 8;

    /// <summary>How many bytes the number takes.</summary>
    public static int LengthOf(long value) => value switch
    {
        < 0 or > Max => throw new ArgumentOutOfRangeException(nameof(value)),
        < 1 << 6 => 1,
        < 1 << 14 => 2,
        < 1 << 30 => 4,
        _ => 8
    };

    /// <summary>Writes the number in its shortest form and says how many bytes that took.</summary>
    public static int Write(Span<byte> target, long value)
    {
        int length = LengthOf(value);
        switch (length)
        {
            case 1: target[0] = (byte)value; break;
            case 2: BinaryPrimitives.WriteUInt16BigEndian(target, (ushort)(value | 0x4000)); break;
            case 4: BinaryPrimitives.WriteUInt32BigEndian(target, (uint)value | 0x8000_0000); break;
            default: BinaryPrimitives.WriteUInt64BigEndian(target, (ulong)value | 0xC000_0000_0000_0000); break;
        }

        return length;
    }

    /// <summary>Reads a number; false when there are too few bytes.</summary>
    public static bool TryRead(ReadOnlySpan<byte> source, out long value, out int length)
    {
        value = 0;
        length = source.IsEmpty ? 1 : 1 << (source[0] >> 6);
        if (source.Length < length)
            return false;

        value = length switch
        {
            1 => source[0],
            2 => BinaryPrimitives.ReadUInt16BigEndian(source) & 0x3FFF,
            4 => BinaryPrimitives.ReadUInt32BigEndian(source) & 0x3FFF_FFFF,
            _ => (long)(BinaryPrimitives.ReadUInt64BigEndian(source) & (ulong)Max)
        };
        return true;
    }
}
