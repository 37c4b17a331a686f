using System.Buffers.Binary;

namespace Ball.Quic.Packets;

/// <summary>Reads fields in order; every read says whether there was enough.</summary>
ref struct WireReader(ReadOnlySpan<byte> source)
{
    private ReadOnlySpan<byte> rest = source;

    public readonly int Remaining => rest.Length;

    public readonly ReadOnlySpan<byte> Rest => rest;

    public bool TryReadByte(out byte value)
    {
        if (rest.IsEmpty)
        {
            value = 0;
            return false;
        }

        value = rest[0];
        rest = rest[1..];
        return true;
    }

    public bool TryReadUInt32(out uint value)
    {
        if (!BinaryPrimitives.TryReadUInt32BigEndian(rest, out value))
            return false;
        rest = rest[4..];
        return true;
    }

    public bool TryReadVarInt(out long value)
    {
        if (!VarInt.TryRead(rest, out value, out int length))
            return false;
        rest = rest[length..];
        return true;
    }

    public bool TryReadBytes(long count, out ReadOnlySpan<byte> bytes)
    {
        if (count > rest.Length)
        {
            bytes = default;
            return false;
        }

        bytes = rest[..(int)count];
        rest = rest[(int)count..];
        return true;
    }

    /// <summary>Bytes behind a length of one byte (connection ids).</summary>
    public bool TryReadShortBytes(out ReadOnlySpan<byte> bytes)
    {
        bytes = default;
        return TryReadByte(out byte length) && TryReadBytes(length, out bytes);
    }

    public void SkipZeros()
    {
        int zeros = rest.IndexOfAnyExcept((byte)0);
        rest = zeros < 0 ? [] : rest[zeros..];
    }
}
