using System.Buffers.Binary;

namespace Ball.Quic.Packets;

/// <summary>Reads fields in order; every read says whether there was enough.</summary>
ref struct WireReader(ReadOnlySpan<byte> source)
{
    private ReadOnlySpan<byte> _rest = source;

    public readonly int Remaining => _rest.Length;

    public readonly ReadOnlySpan<byte> Rest => _rest;

    public bool TryReadByte(out byte value)
    {
        if (_rest.IsEmpty)
        {
            value = 0;
            return false;
        }

        value = _rest[0];
        _rest = _rest[1..];
        return true;
    }

    public bool TryReadUInt32(out uint value)
    {
        if (!BinaryPrimitives.TryReadUInt32BigEndian(_rest, out value))
            return false;
        _rest = _rest[4..];
        return true;
    }

    public bool TryReadVarInt(out long value)
    {
        if (!VarInt.TryRead(_rest, out value, out int length))
            return false;
        _rest = _rest[length..];
        return true;
    }

    public bool TryReadBytes(long count, out ReadOnlySpan<byte> bytes)
    {
        if (count > _rest.Length)
        {
            bytes = default;
            return false;
        }

        bytes = _rest[..(int)count];
        _rest = _rest[(int)count..];
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
        int zeros = _rest.IndexOfAnyExcept((byte)0);
        _rest = zeros < 0 ? [] : _rest[zeros..];
    }
}
