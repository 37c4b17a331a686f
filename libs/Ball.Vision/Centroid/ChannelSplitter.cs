using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Ball.Pictures;

namespace Ball.Vision.Centroid;

/// <summary>Takes the channels of a packed picture apart, only where they are looked at.</summary>
internal sealed class ChannelSplitter
{
    private const int Channels = 3;
    private const int Pixels = 16;

    private byte[] _bytes = [];

    public Plane Split(PictureView picture, int channel, Box box)
    {
        var (width, height) = (picture.Width, picture.Height);
        var size = width * height;
        if (_bytes.Length < size * Channels)
            _bytes = new byte[size * Channels];
        var plane = _bytes.AsSpan(channel * size, size);
        var masks = (From(channel, 0), From(channel, 1), From(channel, 2));
        for (var y = box.Top; y < box.Bottom; y++)
        {
            var from = picture.Bytes.Slice((y * picture.Stride) + (box.Left * Channels), box.Width * Channels);
            Split(from, plane.Slice((y * width) + box.Left, box.Width), channel, masks);
        }
        return new Plane(plane, width, height, width, 1);
    }

    private static void Split(
        ReadOnlySpan<byte> from, Span<byte> to, int channel,
        (Vector128<byte> First, Vector128<byte> Second, Vector128<byte> Third) masks)
    {
        // 48 bytes hold 16 pixels; each third of them gives its share of the 16 bytes of one channel.
        ref var source = ref MemoryMarshal.GetReference(from);
        ref var target = ref MemoryMarshal.GetReference(to);
        var x = 0;
        for (; x + Pixels <= to.Length; x += Pixels)
        {
            var at = (nuint)(x * Channels);
            var gathered = Vector128.ShuffleNative(Vector128.LoadUnsafe(ref source, at), masks.First)
                | Vector128.ShuffleNative(Vector128.LoadUnsafe(ref source, at + Pixels), masks.Second)
                | Vector128.ShuffleNative(Vector128.LoadUnsafe(ref source, at + (2 * Pixels)), masks.Third);
            gathered.StoreUnsafe(ref target, (nuint)x);
        }
        for (; x < to.Length; x++)
            to[x] = from[(x * Channels) + channel];
    }

    /// <summary>Where the channel's bytes lie in one third of the 48; 255 where they lie in another third.</summary>
    private static Vector128<byte> From(int channel, int third)
    {
        Span<byte> mask = stackalloc byte[Pixels];
        for (var pixel = 0; pixel < Pixels; pixel++)
        {
            var place = (pixel * Channels) + channel - (third * Pixels);
            mask[pixel] = place is >= 0 and < Pixels ? (byte)place : (byte)255;
        }
        return Vector128.Create<byte>(mask);
    }
}
