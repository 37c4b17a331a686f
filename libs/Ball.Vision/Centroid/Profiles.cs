using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Ball.Vision.Centroid;

/// <summary>
/// How much ball there is in each column and each row of a box. Everything else (area, centre, roundness) follows from these
/// two short arrays, so the pixels are looked at once, 32 at a time.
/// </summary>
internal sealed class Profiles
{
    // Rows after which a column's 16 bits might be full.
    private const int Band = 256;

    // Vectors after which a row's 16 bits might be full.
    private const int Chunk = 64;

    private ushort[] _band = [];
    private uint[] _columns = [];
    private uint[] _rows = [];

    public Box Box { get; private set; }

    public ReadOnlySpan<uint> Columns => _columns.AsSpan(0, Box.Width);

    public ReadOnlySpan<uint> Rows => _rows.AsSpan(0, Box.Height);

    public void Measure(Plane plane, Box box, Ramp ramp)
    {
        Box = box;
        if (_columns.Length < box.Width)
        {
            _band = new ushort[box.Width + 63 & ~63];
            _columns = new uint[_band.Length];
        }
        if (_rows.Length < box.Height)
            _rows = new uint[box.Height + 63 & ~63];
        _columns.AsSpan(0, box.Width).Clear();

        var flip = ramp.Dark ? (byte)255 : (byte)0;
        for (var top = box.Top; top < box.Bottom; top += Band)
        {
            var bottom = Math.Min(box.Bottom, top + Band);
            var sums = _band.AsSpan(0, box.Width);
            sums.Clear();
            for (var y = top; y < bottom; y++)
            {
                var line = plane.Bytes.Slice((y * plane.Stride) + box.Left, box.Width);
                _rows[y - box.Top] = Add(line, sums, ramp.Low, ramp.Range, flip);
            }
            for (var x = 0; x < sums.Length; x++)
                _columns[x] += sums[x];
        }
    }

    private static uint Add(ReadOnlySpan<byte> line, Span<ushort> sums, byte low, byte range, byte flip)
    {
        ref var pixels = ref MemoryMarshal.GetReference(line);
        ref var totals = ref MemoryMarshal.GetReference(sums);
        var lows = Vector256.Create(low);
        var ranges = Vector256.Create(range);
        var flips = Vector256.Create(flip);
        uint sum = 0;
        var x = 0;
        while (x + Vector256<byte>.Count <= line.Length)
        {
            var chunk = Vector256<ushort>.Zero;
            var end = Math.Min(line.Length - Vector256<byte>.Count, x + ((Chunk - 1) * Vector256<byte>.Count));
            for (; x <= end; x += Vector256<byte>.Count)
            {
                var pixel = Vector256.LoadUnsafe(ref pixels, (nuint)x) ^ flips;
                var weight = Vector256.Min(Vector256.Max(pixel, lows) - lows, ranges);
                var (left, right) = Vector256.Widen(weight);
                (Vector256.LoadUnsafe(ref totals, (nuint)x) + left).StoreUnsafe(ref totals, (nuint)x);
                (Vector256.LoadUnsafe(ref totals, (nuint)x + 16) + right).StoreUnsafe(ref totals, (nuint)x + 16);
                chunk += left + right;
            }
            var (first, second) = Vector256.Widen(chunk);
            sum += Vector256.Sum(first + second);
        }
        for (; x < line.Length; x++)
        {
            var weight = Math.Min(Math.Max((byte)(Unsafe.Add(ref pixels, x) ^ flip), low) - low, range);
            Unsafe.Add(ref totals, x) += (ushort)weight;
            sum += (uint)weight;
        }
        return sum;
    }
}
