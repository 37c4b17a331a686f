using System.Buffers.Binary;
using System.Security.Cryptography;

namespace SIPSorcery.Net;

/// <summary>Writes a STUN message into a buffer of at least 256 bytes.</summary>
internal ref struct StunWriter
{
    private readonly Span<byte> _buffer;
    private int _length = StunMessage.HeaderLength;

    public StunWriter(Span<byte> buffer, ushort type, StunTransaction transaction)
    {
        _buffer = buffer;
        BinaryPrimitives.WriteUInt16BigEndian(buffer, type);
        BinaryPrimitives.WriteUInt32BigEndian(buffer[4..], StunMessage.MagicCookie);
        transaction.Write(buffer[8..]);
    }

    public void Add(ushort attribute, scoped ReadOnlySpan<byte> value)
    {
        value.CopyTo(Reserve(attribute, value.Length));
    }

    public void Add(ushort attribute, uint value) =>
        BinaryPrimitives.WriteUInt32BigEndian(Reserve(attribute, 4), value);

    public void Add(ushort attribute, ulong value) =>
        BinaryPrimitives.WriteUInt64BigEndian(Reserve(attribute, 8), value);

    public void AddMapped(NetAddress address)
    {
        var value = Reserve(StunAttribute.XorMappedAddress, address.IsIPv4 ? 8 : 20);
        value[0] = 0;
        value[1] = address.IsIPv4 ? (byte)1 : (byte)2;
        BinaryPrimitives.WriteUInt16BigEndian(value[2..], (ushort)(address.Port ^ (StunMessage.MagicCookie >> 16)));
        if (address.IsIPv4)
        {
            BinaryPrimitives.WriteUInt32BigEndian(value[4..], (uint)address.Low ^ StunMessage.MagicCookie);
            return;
        }

        BinaryPrimitives.WriteUInt64BigEndian(value[4..], address.High ^ BinaryPrimitives.ReadUInt64BigEndian(_buffer[4..]));
        BinaryPrimitives.WriteUInt64BigEndian(value[12..], address.Low ^ BinaryPrimitives.ReadUInt64BigEndian(_buffer[12..]));
    }

    public void AddError(int code, scoped ReadOnlySpan<byte> reason)
    {
        var value = Reserve(StunAttribute.ErrorCode, 4 + reason.Length);
        value[0] = 0;
        value[1] = 0;
        value[2] = (byte)(code / 100);
        value[3] = (byte)(code % 100);
        reason.CopyTo(value[4..]);
    }

    /// <summary>Adds integrity (unless the key is empty) and fingerprint; returns the message's length.</summary>
    public int Finish(scoped ReadOnlySpan<byte> key)
    {
        if (key.Length > 0)
        {
            SetLength(_length + 24);
            Span<byte> hash = stackalloc byte[20];
            HMACSHA1.HashData(key, _buffer[.._length], hash);
            Add(StunAttribute.MessageIntegrity, hash);
        }

        SetLength(_length + 8);
        Add(StunAttribute.Fingerprint, Crc32.Of(_buffer[.._length]) ^ StunMessage.FingerprintXor);
        return _length;
    }

    private readonly void SetLength(int total) =>
        BinaryPrimitives.WriteUInt16BigEndian(_buffer[2..], (ushort)(total - StunMessage.HeaderLength));

    private Span<byte> Reserve(ushort attribute, int length)
    {
        BinaryPrimitives.WriteUInt16BigEndian(_buffer[_length..], attribute);
        BinaryPrimitives.WriteUInt16BigEndian(_buffer[(_length + 2)..], (ushort)length);
        var value = _buffer.Slice(_length + 4, length);
        var padding = -length & 3;
        _buffer.Slice(_length + 4 + length, padding).Clear();
        _length += 4 + length + padding;
        return value;
    }
}
