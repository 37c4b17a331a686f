using System.Buffers.Binary;

namespace Ball.Quic.Packets;

/// <summary>
/// Writes fields in order. Who writes asks for <see cref="Remaining"/> first; writing past the end is a bug and throws.
/// </summary>
ref struct WireWriter(Span<byte> target)
{
    private readonly Span<byte> _target = target;

    public int Length { get; private set; }

    public readonly int Remaining => _target.Length - Length;

    public readonly Span<byte> Free => _target[Length..];

    public void WriteByte(byte value) => _target[Length++] = value;

    public void WriteUInt32(uint value)
    {
        BinaryPrimitives.WriteUInt32BigEndian(Free, value);
        Length += 4;
    }

    public void WriteVarInt(long value) => Length += VarInt.Write(Free, value);

    public void WriteBytes(scoped ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Free);
        Length += bytes.Length;
    }

    public void WriteId(in ConnectionId id)
    {
        WriteByte((byte)id.Length);
        id.CopyTo(Free);
        Length += id.Length;
    }

    public void WriteZeros(int count)
    {
        Free[..count].Clear();
        Length += count;
    }

    public void Advance(int count) => Length += count;
}
