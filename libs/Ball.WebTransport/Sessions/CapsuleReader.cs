using System.Buffers.Binary;
using System.Text;
using Ball.Quic.Packets;
using Ball.WebTransport.Http3;

namespace Ball.WebTransport.Sessions;

/// <summary>
/// Finds the closing capsule in what a CONNECT stream carries (RFC 9297, section 3.2), in pieces of any size. Capsules
/// that are unknown are skipped, whatever their length.
/// </summary>
sealed class CapsuleReader
{
    private const int MaxReason = 1024;

    private readonly byte[] _buffer = new byte[2 * VarInt.MaxLength + 4 + MaxReason];
    private int _held;
    private long _toSkip;

    /// <summary>What the peer closed with, once it did.</summary>
    public CloseReason? Closed { get; private set; }

    public void Add(ReadOnlySpan<byte> data)
    {
        while (!data.IsEmpty && Closed is null)
        {
            if (_toSkip > 0)
            {
                int skipped = (int)Math.Min(_toSkip, data.Length);
                _toSkip -= skipped;
                data = data[skipped..];
                continue;
            }

            int count = Math.Min(data.Length, _buffer.Length - _held);
            data[..count].CopyTo(_buffer.AsSpan(_held));
            _held += count;
            data = data[count..];
            while (TryTakeCapsule())
            {
            }
        }
    }

    private bool TryTakeCapsule()
    {
        var bytes = _buffer.AsSpan(0, _held);
        if (Closed is not null || !VarInt.TryRead(bytes, out long type, out int typeLength)
            || !VarInt.TryRead(bytes[typeLength..], out long length, out int lengthLength))
            return false;
        int header = typeLength + lengthLength;
        if (type != Http3Code.CloseSessionCapsule)
        {
            int here = (int)Math.Min(length, _held - header);
            _toSkip = length - here;
            Remove(header + here);
            return _held > 0;
        }

        if (length is < 4 or > 4 + MaxReason)
            throw new Http3Exception(Http3Code.MessageError, "a closing capsule of the wrong size");
        if (_held - header < length)
            return false;
        var body = bytes.Slice(header, (int)length);
        Closed = new CloseReason(BinaryPrimitives.ReadUInt32BigEndian(body), Encoding.UTF8.GetString(body[4..]), true);
        return false;
    }

    private void Remove(int count)
    {
        _buffer.AsSpan(count, _held - count).CopyTo(_buffer);
        _held -= count;
    }

    /// <summary>A DATA frame with the closing capsule.</summary>
    public static byte[] EncodeClose(uint code, string reason)
    {
        byte[] text = Encoding.UTF8.GetBytes(reason);
        if (text.Length > MaxReason)
            text = text[..MaxReason];
        Span<byte> head = stackalloc byte[4 * VarInt.MaxLength];
        int capsule = VarInt.LengthOf(Http3Code.CloseSessionCapsule) + VarInt.LengthOf(4 + text.Length) + 4 + text.Length;
        int length = VarInt.Write(head, Http3Code.DataFrame);
        length += VarInt.Write(head[length..], capsule);
        length += VarInt.Write(head[length..], Http3Code.CloseSessionCapsule);
        length += VarInt.Write(head[length..], 4 + text.Length);
        BinaryPrimitives.WriteUInt32BigEndian(head[length..], code);
        return [.. head[..(length + 4)], .. text];
    }
}
