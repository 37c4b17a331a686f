using System.Buffers.Binary;

namespace SIPSorcery.Net.Sctp;

/// <summary>Writes one SCTP packet, chunk by chunk, into the caller's buffer.</summary>
internal ref struct PacketWriter
{
    public const int HeaderSize = 12;
    private readonly Span<byte> _buffer;

    public PacketWriter(Span<byte> buffer, ushort sourcePort, ushort destinationPort, uint tag)
    {
        _buffer = buffer;
        BinaryPrimitives.WriteUInt16BigEndian(buffer, sourcePort);
        BinaryPrimitives.WriteUInt16BigEndian(buffer[2..], destinationPort);
        BinaryPrimitives.WriteUInt32BigEndian(buffer[4..], tag);
        buffer[8..HeaderSize].Clear();
        Length = HeaderSize;
    }

    public int Length { get; private set; }

    public readonly bool IsEmpty => Length == HeaderSize;

    public readonly int Remaining => _buffer.Length - Length;

    /// <summary>Whether a chunk with a body of this size still fits.</summary>
    public readonly bool Fits(int bodyLength) => Padded(4 + bodyLength) <= Remaining;

    /// <summary>Adds a chunk and returns its body for the caller to fill.</summary>
    public Span<byte> Add(byte type, byte flags, int bodyLength)
    {
        var chunk = _buffer[Length..];
        chunk[0] = type;
        chunk[1] = flags;
        BinaryPrimitives.WriteUInt16BigEndian(chunk[2..], (ushort)(4 + bodyLength));
        var padded = Padded(4 + bodyLength);
        chunk[(4 + bodyLength)..padded].Clear();
        Length += padded;
        return chunk.Slice(4, bodyLength);
    }

    /// <summary>Seals the packet with its checksum and returns its length.</summary>
    public readonly int Finish()
    {
        var crc = Crc32c.Compute(_buffer[..Length]);
        BinaryPrimitives.WriteUInt32LittleEndian(_buffer[8..], crc);
        return Length;
    }

    public static int Padded(int length) => (length + 3) & ~3;
}
