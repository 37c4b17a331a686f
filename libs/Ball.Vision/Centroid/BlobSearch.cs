using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Ball.Vision.Centroid;

/// <summary>Looks through a whole plane for what is not background, in cells of 8 by 8 pixels.</summary>
internal sealed class BlobSearch
{
    public const int MostBlobs = 6;

    private const int Cell = 8;

    // With little noise, any three pixels far from it are something. With much, single pixels are far by chance, and it
    // takes a quarter of a cell.
    private const double MuchNoise = 12;
    private const int FewPixels = 3;
    private const int ManyPixels = 16;

    private const int Samples = 4096;

    private const int FarLarger = 6;

    private readonly Blob[] _blobs = new Blob[MostBlobs];
    private readonly int[] _histogram = new int[256];
    private byte[] _cells = [];
    private int[] _open = [];
    private int _count;
    private int _crowd;

    public double Background { get; private set; }

    public double Noise { get; private set; }

    /// <summary>The largest patches, the largest first.</summary>
    public ReadOnlySpan<Blob> Blobs => _blobs.AsSpan(0, _count);

    /// <summary>
    /// What a patch needs to be a ball. Where there are many, as in coded noise, they are all the same kind of nothing, unless
    /// one is far larger.
    /// </summary>
    public int LeastPixels => _crowd > MostBlobs ? FarLarger * _blobs[_count - 1].Pixels : 0;

    /// <summary>How far from the background a pixel has to be to count.</summary>
    public int Threshold => (int)Math.Round(Math.Max(10, ((IsNoisy ? 2.5 : 4.5) * Noise) + 2));

    private bool IsNoisy => Noise > MuchNoise;

    public void Search(Plane plane)
    {
        _count = _crowd = 0;
        LearnBackground(plane);
        const int hopeless = 110;
        if (Threshold > hopeless)
            return;
        var columns = (plane.Width + Cell - 1) / Cell;
        var rows = (plane.Height + Cell - 1) / Cell;
        if (_cells.Length < columns * rows)
        {
            _cells = new byte[columns * rows];
            _open = new int[columns * rows];
        }
        var background = (byte)Math.Round(Background);
        for (var row = 0; row < rows; row++)
            CountRow(plane, row * Cell, _cells.AsSpan(row * columns, columns), background, (byte)Threshold);
        Gather(columns, rows, plane.Bounds);
    }

    private void LearnBackground(Plane plane)
    {
        _histogram.AsSpan().Clear();
        var step = Math.Max(1, (int)Math.Sqrt((double)plane.Width * plane.Height / Samples));
        var total = 0;
        for (var y = step / 2; y < plane.Height; y += step)
        {
            var row = plane.Row(y);
            // Shifted from row to row, so that no regular pattern hides between the samples.
            for (var x = y / step * 3 % step; x < row.Length; x += step, total++)
                _histogram[row[x]]++;
        }

        // The most frequent level is the background's, since the ball is the smaller part.
        var mode = 0;
        long most = -1;
        for (var level = 0; level < 256; level++)
        {
            var here = 2 * Level(level, total);
            for (var near = 1; near <= 2; near++)
                here += Level(level - near, total) + Level(level + near, total);
            if (here > most)
                (mode, most) = (level, here);
        }
        var within = _histogram[mode];
        var reach = 0;
        while (within < total * 6 / 10)
        {
            reach++;
            within += (mode >= reach ? _histogram[mode - reach] : 0) + (mode + reach < 256 ? _histogram[mode + reach] : 0);
        }

        // 60 % of Gaussian noise lies within 0.84 deviations.
        Noise = reach / 0.84;
        long sum = 0, weight = 0;
        for (var level = Math.Max(0, mode - (2 * reach) - 1); level <= Math.Min(255, mode + (2 * reach) + 1); level++)
        {
            sum += (long)level * _histogram[level];
            weight += _histogram[level];
        }
        Background = weight == 0 ? mode : sum / (double)weight;
    }

    /// <summary>How often a level was seen. Black and white are where noise ends, too: no levels unless most are that.</summary>
    private long Level(int level, int total) =>
        (uint)level > 255 || (level is 0 or 255 && _histogram[level] < total / 2) ? 0 : _histogram[level];

    private static void CountRow(Plane plane, int top, Span<byte> counts, byte background, byte threshold)
    {
        var height = Math.Min(Cell, plane.Height - top);
        var backgrounds = Vector256.Create(background);
        var thresholds = Vector256.Create(threshold);
        ref var first = ref MemoryMarshal.GetReference(plane.Bytes[(top * plane.Stride)..]);
        var x = 0;
        for (; x + Vector256<byte>.Count <= plane.Width; x += Vector256<byte>.Count)
        {
            var near = Vector256<byte>.Zero;
            var at = (nuint)x;
            for (var y = 0; y < height; y++, at += (nuint)plane.Stride)
            {
                var pixel = Vector256.LoadUnsafe(ref first, at);
                var distance = Vector256.Max(pixel, backgrounds) - Vector256.Min(pixel, backgrounds);
                near -= Vector256.Equals(Vector256.Max(distance, thresholds), thresholds);
            }
            // Eight counters of a cell lie in one 64-bit lane; this multiplication adds them up in its top byte.
            var sums = near.AsUInt64();
            for (var lane = 0; lane < 4; lane++)
                counts[(x / Cell) + lane] = (byte)((Cell * height) - (int)((sums[lane] * 0x0101010101010101) >> 56));
        }
        for (; x < plane.Width; x += Cell)
        {
            var right = Math.Min(plane.Width, x + Cell);
            var far = 0;
            for (var y = top; y < top + height; y++)
            {
                var row = plane.Row(y);
                for (var column = x; column < right; column++)
                    far += Math.Abs(row[column] - background) > threshold ? 1 : 0;
            }
            counts[x / Cell] = (byte)far;
        }
    }

    private void Gather(int columns, int rows, Box bounds)
    {
        var all = columns * rows;
        var least = IsNoisy ? ManyPixels : FewPixels;

        // Without noise a neighbour counts with a single pixel: a ball's edge may just reach into it.
        var leastBeside = IsNoisy ? ManyPixels : 1;
        for (var start = 0; start < all; start++)
        {
            if (_cells[start] < least)
                continue;
            int left = columns, right = 0, top = rows, bottom = 0, pixels = 0, depth = 0;
            pixels += _cells[start];
            _cells[start] = 0;
            _open[depth++] = start;
            while (depth > 0)
            {
                var cell = _open[--depth];
                var (row, column) = Math.DivRem(cell, columns);
                (left, right) = (Math.Min(left, column), Math.Max(right, column));
                (top, bottom) = (Math.Min(top, row), Math.Max(bottom, row));
                for (var y = Math.Max(0, row - 1); y <= Math.Min(rows - 1, row + 1); y++)
                {
                    for (var x = Math.Max(0, column - 1); x <= Math.Min(columns - 1, column + 1); x++)
                    {
                        var next = (y * columns) + x;
                        if (_cells[next] < leastBeside)
                            continue;
                        pixels += _cells[next];
                        _cells[next] = 0;
                        _open[depth++] = next;
                    }
                }
            }
            var box = new Box(left * Cell, top * Cell, (right + 1) * Cell, (bottom + 1) * Cell);
            Keep(new Blob(box.Within(bounds), pixels));
        }
    }

    private void Keep(Blob blob)
    {
        _crowd++;
        if (_count == MostBlobs && blob.Pixels <= _blobs[_count - 1].Pixels)
            return;
        var place = _count < MostBlobs ? _count++ : _count - 1;
        while (place > 0 && _blobs[place - 1].Pixels < blob.Pixels)
        {
            _blobs[place] = _blobs[place - 1];
            place--;
        }
        _blobs[place] = blob;
    }
}
