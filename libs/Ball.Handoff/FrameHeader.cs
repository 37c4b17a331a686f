using System.Buffers.Binary;
using System.Numerics;
using Ball.Pictures;

namespace Ball.Handoff;

/// <summary>What goes before a frame's pixels on the pipe; see docs/protocol.md.</summary>
/// <param name="Tag">What the frame is.</param>
/// <param name="OfferedAt">When it was given to the pipe, in monotonic nanoseconds.</param>
/// <param name="Layout">The shape of the pixels that follow.</param>
public readonly record struct FrameHeader(FrameTag Tag, long OfferedAt, PictureLayout Layout)
{
    /// <summary>How many bytes a header takes.</summary>
    public const int Size = 80;

    /// <summary>The version both ends must speak.</summary>
    public const byte Version = 1;

    /// <summary>The most bytes of pixels in a frame; enough for 8192x5461 in I420.</summary>
    public const int MaxFrameBytes = 64 * 1024 * 1024;

    private const uint Magic = 0x4d524642; // "BFRM"
    private const uint TracedFlag = 1;
    private const int ChecksumAt = 76;

    public void Write(Span<byte> target)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(target, Magic);
        BinaryPrimitives.WriteUInt16LittleEndian(target[4..], Version);
        BinaryPrimitives.WriteUInt16LittleEndian(target[6..], Size);
        Tag.Session.TryWriteBytes(target[8..], bigEndian: true, out _);
        BinaryPrimitives.WriteInt64LittleEndian(target[24..], Tag.Frame);
        BinaryPrimitives.WriteUInt32LittleEndian(target[32..], Tag.RtpTimestamp);
        BinaryPrimitives.WriteUInt32LittleEndian(target[36..], Tag.IsTraced ? TracedFlag : 0);
        BinaryPrimitives.WriteInt64LittleEndian(target[40..], Tag.ReceivedAt);
        BinaryPrimitives.WriteInt64LittleEndian(target[48..], OfferedAt);
        BinaryPrimitives.WriteInt32LittleEndian(target[56..], Layout.Width);
        BinaryPrimitives.WriteInt32LittleEndian(target[60..], Layout.Height);
        BinaryPrimitives.WriteInt32LittleEndian(target[64..], Layout.Stride);
        BinaryPrimitives.WriteUInt32LittleEndian(target[68..], (uint)Layout.Format);
        BinaryPrimitives.WriteInt32LittleEndian(target[72..], Layout.ByteCount);
        BinaryPrimitives.WriteUInt32LittleEndian(target[ChecksumAt..], Checksum(target));
    }

    /// <summary>Reads a header that anybody may have sent.</summary>
    /// <returns><see cref="HeaderFault.None"/>, or the first thing wrong with it; then <paramref name="header"/> means
    /// nothing.</returns>
    public static HeaderFault Read(ReadOnlySpan<byte> source, out FrameHeader header)
    {
        header = default;
        if (source.Length < Size)
            return HeaderFault.Short;
        if (BinaryPrimitives.ReadUInt32LittleEndian(source) != Magic)
            return HeaderFault.Magic;
        if (BinaryPrimitives.ReadUInt16LittleEndian(source[4..]) != Version
            || BinaryPrimitives.ReadUInt16LittleEndian(source[6..]) != Size)
            return HeaderFault.Version;
        if (BinaryPrimitives.ReadUInt32LittleEndian(source[ChecksumAt..]) != Checksum(source))
            return HeaderFault.Checksum;
        var flags = BinaryPrimitives.ReadUInt32LittleEndian(source[36..]);
        var format = BinaryPrimitives.ReadUInt32LittleEndian(source[68..]);
        if ((flags & ~TracedFlag) != 0 || format > byte.MaxValue)
            return HeaderFault.Layout;
        var layout = new PictureLayout(
            BinaryPrimitives.ReadInt32LittleEndian(source[56..]),
            BinaryPrimitives.ReadInt32LittleEndian(source[60..]),
            BinaryPrimitives.ReadInt32LittleEndian(source[64..]),
            (PixelFormat)format);
        if (!layout.IsValid)
            return HeaderFault.Layout;
        if (layout.ByteCount > MaxFrameBytes || BinaryPrimitives.ReadInt32LittleEndian(source[72..]) != layout.ByteCount)
            return HeaderFault.Length;
        var tag = new FrameTag(
            new Guid(source.Slice(8, 16), bigEndian: true),
            BinaryPrimitives.ReadInt64LittleEndian(source[24..]),
            BinaryPrimitives.ReadUInt32LittleEndian(source[32..]),
            BinaryPrimitives.ReadInt64LittleEndian(source[40..]),
            (flags & TracedFlag) != 0);
        header = new FrameHeader(tag, BinaryPrimitives.ReadInt64LittleEndian(source[48..]), layout);
        return HeaderFault.None;
    }

    private static uint Checksum(ReadOnlySpan<byte> header)
    {
        var sum = ~0u;
        for (var i = 0; i + 8 <= ChecksumAt; i += 8)
            sum = BitOperations.Crc32C(sum, BinaryPrimitives.ReadUInt64LittleEndian(header[i..]));
        return ~BitOperations.Crc32C(sum, BinaryPrimitives.ReadUInt32LittleEndian(header[(ChecksumAt - 4)..]));
    }
}
