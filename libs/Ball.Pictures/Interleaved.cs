using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Ball.Pictures;

/// <summary>Sixteen pixels of BGR as three vectors, one a channel.</summary>
internal static class Interleaved
{
    private const byte None = 255;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vector128<byte> B, Vector128<byte> G, Vector128<byte> R) Load(ref byte from)
    {
        var (first, second, third) =
            (Vector128.LoadUnsafe(ref from), Vector128.LoadUnsafe(ref from, 16), Vector128.LoadUnsafe(ref from, 32));
        var b =
            Vector128.Shuffle(first, Vector128.Create(
                (byte)0, 3, 6, 9, 12, 15, None, None, None, None, None, None, None, None, None, None))
            | Vector128.Shuffle(second, Vector128.Create(
                None, None, None, None, None, None, 2, 5, 8, 11, 14, None, None, None, None, None))
            | Vector128.Shuffle(third, Vector128.Create(
                None, None, None, None, None, None, None, None, None, None, None, 1, 4, 7, 10, 13));
        var g =
            Vector128.Shuffle(first, Vector128.Create(
                (byte)1, 4, 7, 10, 13, None, None, None, None, None, None, None, None, None, None, None))
            | Vector128.Shuffle(second, Vector128.Create(
                None, None, None, None, None, 0, 3, 6, 9, 12, 15, None, None, None, None, None))
            | Vector128.Shuffle(third, Vector128.Create(
                None, None, None, None, None, None, None, None, None, None, None, 2, 5, 8, 11, 14));
        var r =
            Vector128.Shuffle(first, Vector128.Create(
                (byte)2, 5, 8, 11, 14, None, None, None, None, None, None, None, None, None, None, None))
            | Vector128.Shuffle(second, Vector128.Create(
                None, None, None, None, None, 1, 4, 7, 10, 13, None, None, None, None, None, None))
            | Vector128.Shuffle(third, Vector128.Create(
                None, None, None, None, None, None, None, None, None, None, 0, 3, 6, 9, 12, 15));
        return (b, g, r);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector128<byte> b, Vector128<byte> g, Vector128<byte> r, ref byte to)
    {
        var first =
            Vector128.Shuffle(b, Vector128.Create(
                (byte)0, None, None, 1, None, None, 2, None, None, 3, None, None, 4, None, None, 5))
            | Vector128.Shuffle(g, Vector128.Create(
                None, 0, None, None, 1, None, None, 2, None, None, 3, None, None, 4, None, None))
            | Vector128.Shuffle(r, Vector128.Create(
                None, None, 0, None, None, 1, None, None, 2, None, None, 3, None, None, 4, None));
        var second =
            Vector128.Shuffle(b, Vector128.Create(
                None, None, 6, None, None, 7, None, None, 8, None, None, 9, None, None, 10, None))
            | Vector128.Shuffle(g, Vector128.Create(
                (byte)5, None, None, 6, None, None, 7, None, None, 8, None, None, 9, None, None, 10))
            | Vector128.Shuffle(r, Vector128.Create(
                None, 5, None, None, 6, None, None, 7, None, None, 8, None, None, 9, None, None));
        var third =
            Vector128.Shuffle(b, Vector128.Create(
                None, 11, None, None, 12, None, None, 13, None, None, 14, None, None, 15, None, None))
            | Vector128.Shuffle(g, Vector128.Create(
                None, None, 11, None, None, 12, None, None, 13, None, None, 14, None, None, 15, None))
            | Vector128.Shuffle(r, Vector128.Create(
                (byte)10, None, None, 11, None, None, 12, None, None, 13, None, None, 14, None, None, 15));
        first.StoreUnsafe(ref to);
        second.StoreUnsafe(ref to, 16);
        third.StoreUnsafe(ref to, 32);
    }
}
