using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Ball.Pictures;

/// <summary>
/// Lines of BGR to and from the other formats, sixteen pixels at a time; the last step may do some of them twice.
/// </summary>
internal static class BgrLine
{
    private const int Step = 16;

    public static void ToGray(ReadOnlySpan<byte> bgr, Span<byte> gray)
    {
        if (gray.Length < Step)
        {
            for (var x = 0; x < gray.Length; x++)
                gray[x] = Bt601.Gray(bgr[x * 3], bgr[x * 3 + 1], bgr[x * 3 + 2]);
            return;
        }
        ref var from = ref MemoryMarshal.GetReference(bgr);
        ref var to = ref MemoryMarshal.GetReference(gray);
        for (var x = 0; x < gray.Length; x += Step)
        {
            x = Math.Min(x, gray.Length - Step);
            var (b, g, r) = Interleaved.Load(ref Unsafe.Add(ref from, x * 3));
            Weigh(b, g, r, 29, 150, 77, 0).StoreUnsafe(ref to, (nuint)x);
        }
    }

    public static void FromGray(ReadOnlySpan<byte> gray, Span<byte> bgr)
    {
        if (gray.Length < Step)
        {
            for (var x = 0; x < gray.Length; x++)
                bgr[x * 3] = bgr[x * 3 + 1] = bgr[x * 3 + 2] = gray[x];
            return;
        }
        ref var from = ref MemoryMarshal.GetReference(gray);
        ref var to = ref MemoryMarshal.GetReference(bgr);
        for (var x = 0; x < gray.Length; x += Step)
        {
            x = Math.Min(x, gray.Length - Step);
            var values = Vector128.LoadUnsafe(ref from, (nuint)x);
            Interleaved.Store(values, values, values, ref Unsafe.Add(ref to, x * 3));
        }
    }

    /// <summary>Two lines, which share their chroma.</summary>
    public static void FromYuv(
        ReadOnlySpan<byte> upperY, ReadOnlySpan<byte> lowerY, ReadOnlySpan<byte> u, ReadOnlySpan<byte> v,
        Span<byte> upper, Span<byte> lower)
    {
        var width = upperY.Length;
        if (width < Step)
        {
            for (var x = 0; x < width; x++)
            {
                (upper[x * 3], upper[x * 3 + 1], upper[x * 3 + 2]) = Bt601.Bgr(upperY[x], u[x / 2], v[x / 2]);
                (lower[x * 3], lower[x * 3 + 1], lower[x * 3 + 2]) = Bt601.Bgr(lowerY[x], u[x / 2], v[x / 2]);
            }
            return;
        }
        ref var fromUpper = ref MemoryMarshal.GetReference(upperY);
        ref var fromLower = ref MemoryMarshal.GetReference(lowerY);
        ref var fromU = ref MemoryMarshal.GetReference(u);
        ref var fromV = ref MemoryMarshal.GetReference(v);
        ref var toUpper = ref MemoryMarshal.GetReference(upper);
        ref var toLower = ref MemoryMarshal.GetReference(lower);
        for (var x = 0; x < width; x += Step)
        {
            x = Math.Min(x, width - Step);
            var cb = Chroma(ref Unsafe.Add(ref fromU, x / 2));
            var cr = Chroma(ref Unsafe.Add(ref fromV, x / 2));

            // Six binary places: 2.018, 0.391, 0.813 and 1.596 times 2^13, for chroma that is shifted up by eight.
            var blue = MultiplyRounded(cb, 16_531);
            var green = Vector128<short>.Zero - MultiplyRounded(cb, 3_203) - MultiplyRounded(cr, 6_660);
            var red = MultiplyRounded(cr, 13_074);
            Mix(ref Unsafe.Add(ref fromUpper, x), blue, green, red, ref Unsafe.Add(ref toUpper, x * 3));
            Mix(ref Unsafe.Add(ref fromLower, x), blue, green, red, ref Unsafe.Add(ref toLower, x * 3));
        }
    }

    /// <summary>Two lines, which share their chroma.</summary>
    public static void ToYuv(
        ReadOnlySpan<byte> upper, ReadOnlySpan<byte> lower, Span<byte> upperY, Span<byte> lowerY, Span<byte> u, Span<byte> v)
    {
        var width = upperY.Length;
        if (width < Step)
        {
            ToYuvOneByOne(upper, lower, upperY, lowerY, u, v);
            return;
        }
        ref var fromUpper = ref MemoryMarshal.GetReference(upper);
        ref var fromLower = ref MemoryMarshal.GetReference(lower);
        ref var toUpper = ref MemoryMarshal.GetReference(upperY);
        ref var toLower = ref MemoryMarshal.GetReference(lowerY);
        ref var toU = ref MemoryMarshal.GetReference(u);
        ref var toV = ref MemoryMarshal.GetReference(v);
        for (var x = 0; x < width; x += Step)
        {
            x = Math.Min(x, width - Step);
            var (b, g, r) = Interleaved.Load(ref Unsafe.Add(ref fromUpper, x * 3));
            var (b2, g2, r2) = Interleaved.Load(ref Unsafe.Add(ref fromLower, x * 3));
            Weigh(b, g, r, 25, 129, 66, 16).StoreUnsafe(ref toUpper, (nuint)x);
            Weigh(b2, g2, r2, 25, 129, 66, 16).StoreUnsafe(ref toLower, (nuint)x);

            var (blue, green, red) = (MeanOfFour(b, b2), MeanOfFour(g, g2), MeanOfFour(r, r2));
            var middle = Vector128.Create((ushort)(128 * 256 + 128));
            var cb = middle + blue * 112 - green * 74 - red * 38 >>> 8;
            var cr = middle + red * 112 - green * 94 - blue * 18 >>> 8;
            Vector128.Narrow(cb, cr).GetLower().StoreUnsafe(ref toU, (nuint)(x / 2));
            Vector128.Narrow(cb, cr).GetUpper().StoreUnsafe(ref toV, (nuint)(x / 2));
        }
    }

    private static void ToYuvOneByOne(
        ReadOnlySpan<byte> upper, ReadOnlySpan<byte> lower, Span<byte> upperY, Span<byte> lowerY, Span<byte> u, Span<byte> v)
    {
        for (var x = 0; x < upperY.Length; x++)
        {
            upperY[x] = Bt601.Y(upper[x * 3], upper[x * 3 + 1], upper[x * 3 + 2]);
            lowerY[x] = Bt601.Y(lower[x * 3], lower[x * 3 + 1], lower[x * 3 + 2]);
        }
        for (var x = 0; x < u.Length; x++)
        {
            var (b, g, r) = (Mean(upper, lower, x * 6), Mean(upper, lower, x * 6 + 1), Mean(upper, lower, x * 6 + 2));
            u[x] = Bt601.U(b, g, r);
            v[x] = Bt601.V(b, g, r);
        }

        static byte Mean(ReadOnlySpan<byte> upper, ReadOnlySpan<byte> lower, int at) =>
            (byte)(upper[at] + upper[at + 3] + lower[at] + lower[at + 3] + 2 >> 2);
    }

    /// <summary>(b * weightB + g * weightG + r * weightR) / 256 + offset, rounded. The weights sum up to 256 at most.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Weigh(
        Vector128<byte> b, Vector128<byte> g, Vector128<byte> r, ushort weightB, ushort weightG, ushort weightR, byte offset)
    {
        var half = Vector128.Create((ushort)128);
        var low = Vector128.WidenLower(b) * weightB + Vector128.WidenLower(g) * weightG
            + Vector128.WidenLower(r) * weightR + half;
        var high = Vector128.WidenUpper(b) * weightB + Vector128.WidenUpper(g) * weightG
            + Vector128.WidenUpper(r) * weightR + half;
        return Vector128.Narrow(low >>> 8, high >>> 8) + Vector128.Create(offset);
    }

    /// <summary>The mean of two neighbours in one line and the two below them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<ushort> MeanOfFour(Vector128<byte> upper, Vector128<byte> lower)
    {
        var even = Vector128.Create((ushort)0x00FF);
        var (one, other) = (upper.AsUInt16(), lower.AsUInt16());
        var sum = (one & even) + (one >>> 8) + (other & even) + (other >>> 8);
        return sum + Vector128.Create((ushort)2) >>> 2;
    }

    /// <summary>Eight chroma values, less 128 and shifted up by eight.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<short> Chroma(ref byte from)
    {
        var values = Vector64.LoadUnsafe(ref from).ToVector128Unsafe();
        return ((Vector128.WidenLower(values) << 8) ^ Vector128.Create((ushort)0x8000)).AsInt16();
    }

    /// <summary>Sixteen pixels of luma with the chroma terms of eight pairs.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Mix(ref byte from, Vector128<short> blue, Vector128<short> green, Vector128<short> red, ref byte to)
    {
        var luma = Vector128.SubtractSaturate(Vector128.LoadUnsafe(ref from), Vector128.Create((byte)16));

        // 1.164 times 2^14 for luma that is shifted up by seven: six binary places as well.
        var low = MultiplyRounded((Vector128.WidenLower(luma) << 7).AsInt16(), 19_077);
        var high = MultiplyRounded((Vector128.WidenUpper(luma) << 7).AsInt16(), 19_077);
        var first = Vector128.Create((short)0, 0, 1, 1, 2, 2, 3, 3);
        var second = Vector128.Create((short)4, 4, 5, 5, 6, 6, 7, 7);
        Interleaved.Store(
            Sum(low, Vector128.Shuffle(blue, first), high, Vector128.Shuffle(blue, second)),
            Sum(low, Vector128.Shuffle(green, first), high, Vector128.Shuffle(green, second)),
            Sum(low, Vector128.Shuffle(red, first), high, Vector128.Shuffle(red, second)),
            ref to);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Sum(
        Vector128<short> low, Vector128<short> lowTerm, Vector128<short> high, Vector128<short> highTerm)
    {
        var half = Vector128.Create((short)32);
        var lowSum = Vector128.AddSaturate(Vector128.AddSaturate(low, lowTerm), half) >> 6;
        var highSum = Vector128.AddSaturate(Vector128.AddSaturate(high, highTerm), half) >> 6;
        if (Sse2.IsSupported)
            return Sse2.PackUnsignedSaturate(lowSum, highSum);
        return Vector128.NarrowWithSaturation(
            Vector128.Max(lowSum, Vector128<short>.Zero).AsUInt16(),
            Vector128.Max(highSum, Vector128<short>.Zero).AsUInt16());
    }

    /// <summary>The upper half of the doubled product, rounded.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<short> MultiplyRounded(Vector128<short> values, short factor)
    {
        if (Ssse3.IsSupported)
            return Ssse3.MultiplyHighRoundScale(values, Vector128.Create(factor));
        if (AdvSimd.IsSupported)
            return AdvSimd.MultiplyRoundedDoublingSaturateHigh(values, Vector128.Create(factor));
        var (low, high) = Vector128.Widen(values);
        var half = Vector128.Create(1 << 14);
        return Vector128.Narrow(low * factor + half >> 15, high * factor + half >> 15);
    }
}
