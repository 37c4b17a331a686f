using System.Buffers.Binary;
using Ball.Pictures;

namespace Ball.Link.RawFrames;

/// <summary>
/// What stands before the pixels in every message of a raw frame. A frame that fits into one message is one message; a larger
/// one is cut into chunks of equal size (the last may be shorter), each with the whole header, so that they may come in any
/// order.
/// </summary>
/// <param name="Frame">The frame's number.</param>
/// <param name="Rtp">Its identity: what its RTP timestamp would be.</param>
/// <param name="Time">When it was painted, in nanoseconds of the sender's monotonic clock.</param>
/// <param name="Layout">Size, stride and format of the picture.</param>
/// <param name="Offset">Where this chunk's pixels belong.</param>
/// <param name="Index">Which chunk this is.</param>
/// <param name="Count">How many there are.</param>
public readonly record struct RawFrameHeader(
    long Frame, uint Rtp, long Time, PictureLayout Layout, int Offset, int Index, int Count)
{
    /// <summary>How many bytes it takes on the wire.</summary>
    public const int Length = 48;

    /// <summary>The version that is written, and the only one that is read.</summary>
    public const byte Version = 1;

    /// <summary>The most chunks that a frame is cut into.</summary>
    public const int MaxChunks = 16 * 1024;

    /// <summary>`BRF1`.</summary>
    static ReadOnlySpan<byte> Magic => "BRF1"u8;

    /// <summary>Writes the header to the start of a message.</summary>
    public void Write(Span<byte> target)
    {
        Magic.CopyTo(target);
        target[4] = Version;
        target[5] = (byte)Layout.Format;
        BinaryPrimitives.WriteUInt16LittleEndian(target[6..], Length);
        BinaryPrimitives.WriteInt64LittleEndian(target[8..], Frame);
        BinaryPrimitives.WriteUInt32LittleEndian(target[16..], Rtp);
        BinaryPrimitives.WriteInt32LittleEndian(target[20..], Layout.ByteCount);
        BinaryPrimitives.WriteInt64LittleEndian(target[24..], Time);
        BinaryPrimitives.WriteUInt16LittleEndian(target[32..], (ushort)Layout.Width);
        BinaryPrimitives.WriteUInt16LittleEndian(target[34..], (ushort)Layout.Height);
        BinaryPrimitives.WriteInt32LittleEndian(target[36..], Layout.Stride);
        BinaryPrimitives.WriteInt32LittleEndian(target[40..], Offset);
        BinaryPrimitives.WriteUInt16LittleEndian(target[44..], (ushort)Index);
        BinaryPrimitives.WriteUInt16LittleEndian(target[46..], (ushort)Count);
    }

    /// <summary>Reads a message's header, and finds its pixels. False for anything that is not wholly consistent.</summary>
    public static bool TryRead(ReadOnlySpan<byte> message, out RawFrameHeader header, out ReadOnlySpan<byte> pixels)
    {
        header = default;
        pixels = default;
        if (message.Length <= Length || !message.StartsWith(Magic) || message[4] != Version
            || BinaryPrimitives.ReadUInt16LittleEndian(message[6..]) != Length)
            return false;
        var layout = new PictureLayout(
            BinaryPrimitives.ReadUInt16LittleEndian(message[32..]),
            BinaryPrimitives.ReadUInt16LittleEndian(message[34..]),
            BinaryPrimitives.ReadInt32LittleEndian(message[36..]),
            (PixelFormat)message[5]);
        if (!layout.IsValid || BinaryPrimitives.ReadInt32LittleEndian(message[20..]) != layout.ByteCount)
            return false;
        pixels = message[Length..];
        header = new RawFrameHeader(
            BinaryPrimitives.ReadInt64LittleEndian(message[8..]),
            BinaryPrimitives.ReadUInt32LittleEndian(message[16..]),
            BinaryPrimitives.ReadInt64LittleEndian(message[24..]),
            layout,
            BinaryPrimitives.ReadInt32LittleEndian(message[40..]),
            BinaryPrimitives.ReadUInt16LittleEndian(message[44..]),
            BinaryPrimitives.ReadUInt16LittleEndian(message[46..]));
        return header.Fits(pixels.Length);
    }

    /// <summary>The size of every chunk but the last.</summary>
    internal int ChunkSize(int length) => Index < Count - 1 ? length : Index == 0 ? length : Offset / Index;

    bool Fits(int length)
    {
        int total = Layout.ByteCount;
        if (Frame < 0 || Count is < 1 or > MaxChunks || Index >= Count || Offset < 0 || length > total - Offset)
            return false;
        bool isLast = Index == Count - 1;
        if (isLast)
            return Offset + length == total && (Index == 0 ? Offset == 0 : Offset % Index == 0 && Offset / Index >= length);
        return (long)Index * length == Offset && (long)(Count - 1) * length < total && (long)Count * length >= total;
    }
}
