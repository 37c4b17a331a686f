using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Ball.Pictures;

/// <summary>Lines of limited-range luma to full-range gray and back.</summary>
internal static class Luma
{
    public static void ToGray(ReadOnlySpan<byte> from, Span<byte> to)
    {
        var x = 0;
        ref var source = ref MemoryMarshal.GetReference(from);
        ref var target = ref MemoryMarshal.GetReference(to);
        if (Vector256.IsHardwareAccelerated)
        {
            for (; x <= from.Length - 32; x += 32)
            {
                var offset = Vector256.SubtractSaturate(Vector256.LoadUnsafe(ref source, (nuint)x), Vector256.Create((byte)16));
                var (low, high) = Vector256.Widen(offset);
                Vector256.NarrowWithSaturation(Stretch(low), Stretch(high)).StoreUnsafe(ref target, (nuint)x);
            }
        }
        for (; x <= from.Length - 16; x += 16)
        {
            var offset = Vector128.SubtractSaturate(Vector128.LoadUnsafe(ref source, (nuint)x), Vector128.Create((byte)16));
            var (low, high) = Vector128.Widen(offset);
            Vector128.NarrowWithSaturation(Stretch(low), Stretch(high)).StoreUnsafe(ref target, (nuint)x);
        }
        for (; x < from.Length; x++)
            to[x] = Bt601.GrayFromY(from[x]);
    }

    public static void FromGray(ReadOnlySpan<byte> from, Span<byte> to)
    {
        var x = 0;
        ref var source = ref MemoryMarshal.GetReference(from);
        ref var target = ref MemoryMarshal.GetReference(to);
        for (; x <= from.Length - 16; x += 16)
        {
            var (low, high) = Vector128.Widen(Vector128.LoadUnsafe(ref source, (nuint)x));
            Vector128.Narrow(Squeeze(low), Squeeze(high)).StoreUnsafe(ref target, (nuint)x);
        }
        for (; x < from.Length; x++)
            to[x] = Bt601.YFromGray(from[x]);
    }

    // 255/219 is 1 + 168.3/1024; the sum stays within 16 bits.
    private static Vector256<ushort> Stretch(Vector256<ushort> v) =>
        v + (v * Vector256.Create((ushort)169) + Vector256.Create((ushort)448) >>> 10);

    private static Vector128<ushort> Stretch(Vector128<ushort> v) =>
        v + (v * Vector128.Create((ushort)169) + Vector128.Create((ushort)448) >>> 10);

    // 219/255 is 219.86/256.
    private static Vector128<ushort> Squeeze(Vector128<ushort> v) =>
        (v * Vector128.Create((ushort)220) + Vector128.Create((ushort)110) >>> 8) + Vector128.Create((ushort)16);
}
