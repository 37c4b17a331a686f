namespace Ball.World;

/// <summary>How much of each pixel of one row lies in a disc: 0 to 1.</summary>
/// <remarks>
/// A row is cut into thin lines. On each the ends of the disc are exact, so the error is that of 16 chords standing for a piece
/// of arc: about a thousandth of a pixel's area. At the very top and bottom the arc is flat, and the lines are thinner.
/// </remarks>
internal sealed class DiscRow
{
    private const int Lines = 16;
    private const int LinesAtThePoles = 64;

    private float[] _steps = [];

    /// <summary>Coverage, from the left of the box on.</summary>
    public float[] Values { get; private set; } = [];

    /// <summary>Between these every pixel is covered wholly.</summary>
    public int SolidFrom { get; private set; }

    public int SolidTo { get; private set; }

    /// <summary>Between these lies all that is covered at all.</summary>
    public int From { get; private set; }

    public int To { get; private set; }

    /// <param name="x">The centre, from the left edge (not the centre) of the box's first pixel.</param>
    /// <param name="y">The centre, from the upper edge of the row.</param>
    public void Measure(double x, double y, double radius, int width)
    {
        if (Values.Length < width)
        {
            Values = new float[width + 64];
            _steps = new float[width + 66];
        }
        double minLeft = width, maxLeft = 0, minRight = width, maxRight = 0;
        var pole = y - radius > -1 || y + radius < 2;
        var all = pole ? LinesAtThePoles : Lines;
        var weight = 1f / all;
        var lines = 0;
        for (var line = 0; line < all; line++)
        {
            var dy = (line + 0.5) / all - y;
            var square = radius * radius - dy * dy;
            if (square <= 0)
                continue;
            var half = Math.Sqrt(square);
            var left = Math.Clamp(x - half, 0, width);
            var right = Math.Clamp(x + half, 0, width);
            Step(left, weight);
            Step(right, -weight);
            minLeft = Math.Min(minLeft, left);
            maxLeft = Math.Max(maxLeft, left);
            minRight = Math.Min(minRight, right);
            maxRight = Math.Max(maxRight, right);
            lines++;
        }
        From = lines == 0 ? 0 : (int)minLeft;
        To = lines == 0 ? 0 : Math.Min(width, (int)Math.Ceiling(maxRight));
        SolidFrom = (int)Math.Ceiling(maxLeft);
        SolidTo = (int)minRight;
        if (lines < all || SolidTo <= SolidFrom)
            SolidFrom = SolidTo = To;
        Sum(width);
    }

    /// <summary>Coverage rises by <paramref name="by"/> at a place between pixels.</summary>
    private void Step(double at, float by)
    {
        var pixel = (int)at;
        var past = (float)(at - pixel) * by;
        _steps[pixel] += by - past;
        _steps[pixel + 1] += past;
    }

    private void Sum(int width)
    {
        Array.Clear(Values, 0, width);
        var sum = 0f;
        for (var i = From; i < SolidFrom; i++)
            Values[i] = Math.Clamp(sum += _steps[i], 0, 1);
        if (SolidTo > SolidFrom)
        {
            Array.Fill(Values, 1f, SolidFrom, SolidTo - SolidFrom);
            sum = 1;
            // The left edge may end in the first solid pixel: its last step is taken up here.
            for (var i = SolidTo; i < To; i++)
                Values[i] = Math.Clamp(sum += _steps[i], 0, 1);
        }
        Array.Clear(_steps, 0, width + 2);
    }
}
