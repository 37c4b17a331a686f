using OpenCvSharp;

namespace Ball.Vision;

/// <summary>Looks whether a circle is a ball: one colour just inside its edge, another just outside, all around.</summary>
internal readonly struct RingProbe(Mat gray, float x, float y, float radius)
{
    private const int Spokes = 48;
    private const double LeastContrast = 12;
    private const double LeastShare = 0.75;

    /// <summary>How far from the centre is looked.</summary>
    public static float Reach(float radius) => (radius * 1.2f) + 2;

    /// <summary>0 where it is no ball, up to 1.</summary>
    public unsafe float Confidence()
    {
        Span<byte> inside = stackalloc byte[Spokes];
        Span<byte> outside = stackalloc byte[Spokes];
        var count = 0;
        double meanInside = 0, meanOutside = 0;
        for (var i = 0; i < Spokes; i++)
        {
            var (sin, cos) = MathF.SinCos(i * MathF.Tau / Spokes);
            if (!TryGet(cos, sin, (radius * 0.75f) - 0.5f, out inside[count])
                || !TryGet(cos, sin, (radius * 1.2f) + 1.5f, out outside[count]))
                continue;
            meanInside += inside[count];
            meanOutside += outside[count];
            count++;
        }
        if (count < Spokes / 6)
            return 0;
        meanInside /= count;
        meanOutside /= count;
        var contrast = Math.Abs(meanInside - meanOutside);
        if (contrast < LeastContrast)
            return 0;
        var middle = (meanInside + meanOutside) / 2;
        var right = 0;
        for (var i = 0; i < count; i++)
        {
            if (inside[i] > middle == meanInside > middle && outside[i] > middle == meanOutside > middle)
                right++;
        }
        var share = right / (double)count;
        return share < LeastShare ? 0 : (float)(share * Math.Min(1, contrast / 40) * Math.Min(1, count / (Spokes * 0.75)));
    }

    private unsafe bool TryGet(float cos, float sin, float distance, out byte value)
    {
        var column = (int)MathF.Round(x + (cos * distance));
        var row = (int)MathF.Round(y + (sin * distance));
        value = 0;
        if ((uint)column >= (uint)gray.Cols || (uint)row >= (uint)gray.Rows)
            return false;
        value = gray.DataPointer[(row * gray.Step()) + column];
        return true;
    }
}
