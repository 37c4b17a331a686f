using System.Buffers.Binary;
using Ball.Pictures;
using FsCheck;
using FsCheck.Fluent;

namespace Ball.Handoff.Tests;

public sealed class FrameHeaderTests
{
    private static readonly FrameHeader s_some =
        new(new FrameTag(Frames.Session, 258, 90_000, 1_000_000_007, true), 1_000_000_009, PictureLayout.Packed(640, 480,
            PixelFormat.I420));

    [Fact]
    public void Every_header_reads_back_as_it_was_written() =>
        Prop.ForAll((from session in ArbMap.Default.GeneratorFor<Guid>()
                     from frame in ArbMap.Default.GeneratorFor<long>()
                     from rtp in ArbMap.Default.GeneratorFor<uint>()
                     from times in Gen.Two(ArbMap.Default.GeneratorFor<long>())
                     from traced in ArbMap.Default.GeneratorFor<bool>()
                     from width in Gen.Choose(1, 1024)
                     from height in Gen.Choose(1, 1024)
                     from padding in Gen.Choose(0, 64)
                     from format in Gen.Choose(1, 3)
                     let packed = PictureLayout.Packed(width * 2, height * 2, (PixelFormat)format)
                     let layout = packed with { Stride = packed.Stride + (padding * 2) }
                     select new FrameHeader(new FrameTag(session, frame, rtp, times.Item1, traced), times.Item2,
                         layout)).ToArbitrary(),
            header =>
            {
                Span<byte> bytes = stackalloc byte[FrameHeader.Size];
                header.Write(bytes);
                return FrameHeader.Read(bytes, out var again) == HeaderFault.None && again == header;
            }).QuickCheckThrowOnFailure();

    [Fact]
    public void The_bytes_are_as_documented()
    {
        var bytes = Written();
        Assert.Equal("BFRM"u8, bytes.AsSpan(0, 4));
        Assert.Equal([1, 0, 80, 0], bytes[4..8]);
        Assert.Equal(Frames.Session.ToByteArray(bigEndian: true), bytes[8..24]);
        Assert.Equal([2, 1, 0, 0, 0, 0, 0, 0], bytes[24..32]);
        Assert.Equal(90_000u, BitConverter.ToUInt32(bytes, 32));
        Assert.Equal(1u, BitConverter.ToUInt32(bytes, 36));
        Assert.Equal(1_000_000_007, BitConverter.ToInt64(bytes, 40));
        Assert.Equal(1_000_000_009, BitConverter.ToInt64(bytes, 48));
        Assert.Equal(640, BitConverter.ToInt32(bytes, 56));
        Assert.Equal(480, BitConverter.ToInt32(bytes, 60));
        Assert.Equal(640, BitConverter.ToInt32(bytes, 64));
        Assert.Equal([1, 0, 0, 0], bytes[68..72]);
        Assert.Equal(640 * 480 * 3 / 2, BitConverter.ToInt32(bytes, 72));
        // CRC-32C of the 76 bytes before, computed bit by bit.
        var sum = ~0u;
        foreach (var value in bytes[..76])
        {
            sum ^= value;
            for (var bit = 0; bit < 8; bit++)
                sum = (sum >> 1) ^ (0x82f63b78 & (0 - (sum & 1)));
        }
        Assert.Equal(~sum, BitConverter.ToUInt32(bytes, 76));
    }

    [Fact]
    public void A_million_mutated_headers_are_all_refused()
    {
        var random = new Random(42);
        var original = Written();
        Span<byte> bytes = stackalloc byte[FrameHeader.Size];
        for (var i = 0; i < 1_000_000; i++)
        {
            original.CopyTo(bytes);
            // Up to three changed bits, which the checksum finds without fail; at times whole bytes at random.
            for (var n = random.Next(1, 4); n > 0; n--)
                bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
            if (bytes.SequenceEqual(original))
                continue;
            if (FrameHeader.Read(bytes, out var header) == HeaderFault.None)
                Assert.Fail($"accepted: {header}");
        }
    }

    [Fact]
    public void Whatever_is_accepted_with_a_right_checksum_is_a_picture_that_fits()
    {
        var random = new Random(43);
        var original = Written();
        Span<byte> bytes = stackalloc byte[FrameHeader.Size];
        var accepted = 0;
        for (var i = 0; i < 1_000_000; i++)
        {
            original.CopyTo(bytes);
            for (var n = random.Next(1, 4); n > 0; n--)
                bytes[random.Next(24, 76)] = (byte)random.Next(random.Next(2) == 0 ? 4 : 256);
            Seal(bytes);
            if (FrameHeader.Read(bytes, out var header) != HeaderFault.None)
                continue;
            accepted++;
            Assert.True(header.Layout.IsValid);
            Assert.InRange(header.Layout.ByteCount, 1, FrameHeader.MaxFrameBytes);
        }
        Assert.True(accepted > 1000, $"{accepted}");
    }

    [Fact]
    public void Random_bytes_and_truncated_headers_are_refused()
    {
        var random = new Random(44);
        var bytes = new byte[200];
        for (var i = 0; i < 200_000; i++)
        {
            var length = random.Next(bytes.Length);
            random.NextBytes(bytes.AsSpan(0, length));
            Assert.NotEqual(HeaderFault.None, FrameHeader.Read(bytes.AsSpan(0, length), out _));
        }
        for (var length = 0; length < FrameHeader.Size; length++)
            Assert.Equal(HeaderFault.Short, FrameHeader.Read(Written().AsSpan(0, length), out _));
    }

    [Theory]
    [InlineData(0, HeaderFault.Magic)]
    [InlineData(4, HeaderFault.Version)]
    [InlineData(6, HeaderFault.Version)]
    [InlineData(30, HeaderFault.Checksum)]
    public void The_fault_is_named(int changed, HeaderFault expected)
    {
        var bytes = Written();
        bytes[changed]++;
        Assert.Equal(expected, FrameHeader.Read(bytes, out _));
    }

    [Theory]
    [InlineData(8192, 8192, 8192 * 3, PixelFormat.Bgr24, HeaderFault.Length)]
    [InlineData(int.MaxValue, int.MaxValue, int.MaxValue, PixelFormat.Gray8, HeaderFault.Layout)]
    [InlineData(-2, -2, -2, PixelFormat.I420, HeaderFault.Layout)]
    [InlineData(641, 480, 641, PixelFormat.I420, HeaderFault.Layout)]
    [InlineData(640, 480, 639, PixelFormat.Gray8, HeaderFault.Layout)]
    public void Sizes_that_nobody_has_memory_for_are_refused(int width, int height, int stride, PixelFormat format,
        HeaderFault expected)
    {
        var bytes = Written();
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(56), width);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(60), height);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(64), stride);
        bytes[68] = (byte)format;
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(72), new PictureLayout(width, height, stride, format).ByteCount);
        Seal(bytes);
        Assert.Equal(expected, FrameHeader.Read(bytes, out _));
    }

    private static byte[] Written()
    {
        var bytes = new byte[FrameHeader.Size];
        s_some.Write(bytes);
        return bytes;
    }

    /// <summary>Puts the right checksum on whatever the header says.</summary>
    internal static void Seal(Span<byte> bytes)
    {
        var sum = ~0u;
        foreach (var value in bytes[..76])
            sum = System.Numerics.BitOperations.Crc32C(sum, value);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[76..], ~sum);
    }
}
