namespace Ball.Vision.Centroid;

/// <summary>Measures the ball that is supposed to be inside a box of a plane.</summary>
internal sealed class Gauge
{
    private const double LeastRadius = 1.5;
    private const double LeastContrast = 8;
    private const double LeastDeviations = 3;
    private const double LeastAgreement = 0.8;
    private const double FullAgreement = 0.92;

    // Shape errors: the share of the area that lies where a disc has none, or lacks where a disc has some. A true disc
    // has some hundredths, a square 0.14 and more.
    private const double PerfectShape = 0.08;
    private const double WorstShape = 0.35;

    private readonly Profiles _profiles = new();
    private readonly int[] _histogram = new int[256];

    /// <summary>The levels of a patch, given the background; false where nothing in it stands out.</summary>
    public bool TryLearn(Plane plane, Box box, double background, double noise, int threshold, out Levels levels)
    {
        const int samples = 4096;
        _histogram.AsSpan().Clear();
        var step = Math.Max(1, (int)Math.Sqrt((double)box.Width * box.Height / samples));
        int above = 0, below = 0;
        for (var y = box.Top; y < box.Bottom; y += step)
        {
            var row = plane.Row(y);
            for (var x = box.Left; x < box.Right; x += step)
            {
                var difference = row[x] - background;
                if (Math.Abs(difference) <= threshold)
                    continue;
                _histogram[row[x]]++;
                if (difference > 0)
                    above++;
                else
                    below++;
            }
        }
        var dark = below > above;
        var wanted = Math.Max(above, below);
        levels = default;
        if (wanted < 3)
            return false;

        // The median of what stands out lies inside the ball; the edge's mixed pixels are the fewer ones.
        var seen = 0;
        var middle = dark ? 0 : 255;
        for (; seen + _histogram[middle] <= wanted / 2; middle += dark ? 1 : -1)
            seen += _histogram[middle];
        levels = new Levels(background, middle, noise);
        return levels.Contrast >= LeastContrast;
    }

    /// <summary>
    /// Follows slow changes of the levels, from a few pixels well inside and well outside the ball. False where they
    /// changed at once: what was measured by the old ones is not to be trusted then.
    /// </summary>
    public static bool TryRefresh(Plane plane, Box valid, Disc disc, ref Levels levels)
    {
        // Slowly, so that one noisy picture changes little.
        const double share = 0.25, jump = 0.12;
        double inside = 0, outside = 0;
        int insides = 0, outsides = 0;
        for (var i = 0; i < 24; i++)
        {
            var (sin, cos) = Math.SinCos(i * Math.Tau / 24);
            if (TryGet(plane, valid, disc, cos, sin, disc.Radius * (i % 2 == 0 ? 0.3 : 0.6), out var level))
            {
                inside += level;
                insides++;
            }
            if (TryGet(plane, valid, disc, cos, sin, (disc.Radius * 1.1) + 3, out level))
            {
                outside += level;
                outsides++;
            }
        }
        if (insides < 6 || outsides < 6)
            return true;
        var ball = (inside / insides) - levels.Ball;
        var background = (outside / outsides) - levels.Background;
        var bound = (jump * levels.Contrast) + levels.Noise;
        if (Math.Abs(ball) > bound || Math.Abs(background) > bound)
            return false;
        levels = levels with { Ball = levels.Ball + (share * ball), Background = levels.Background + (share * background) };
        return true;
    }

    /// <summary>The ball in the box. <paramref name="knownRadius"/> (0: unknown) helps where the frame cuts it off.</summary>
    public Measurement Measure(Plane plane, Box box, Levels levels, double knownRadius)
    {
        var ramp = levels.Ramp();
        box = box.Within(plane.Bounds);
        if (box.IsEmpty)
            return default;
        _profiles.Measure(plane, box, ramp);
        // What noise adds to each pixel beyond the ramp's foot, at most.
        var leak = 0.06 * levels.Noise;
        if (!TryFit(plane, ramp, leak, knownRadius, out var disc, out var clipped) || Spills(plane, box, ramp, leak))
            return default;

        // Once more in a box that is even around the ball: what noise is left then pulls to where the centre is anyway.
        var reach = (disc.Radius * 1.12) + 4;
        var tight = Box.Around(disc.X, disc.Y, reach, reach).Within(plane.Bounds).Within(box);
        if (!tight.IsEmpty && tight != box)
        {
            _profiles.Measure(plane, tight, ramp);
            if (!TryFit(plane, ramp, leak, clipped ? knownRadius : 0, out disc, out clipped))
                return default;
        }
        return new Measurement(disc, levels, Confidence(plane, disc, ramp, levels, clipped), clipped);
    }

    /// <summary>
    /// Whether it is one colour inside and another one around, as a ball is and a clump of noise is not: the share of the
    /// places looked at that are as they should be.
    /// </summary>
    private static double Agreement(Plane plane, Disc disc, Levels levels)
    {
        const int spokes = 16;
        var middle = (levels.Ball + levels.Background) / 2;
        var dark = levels.Ball < levels.Background;
        int right = 0, all = 0;
        for (var i = 0; i < spokes; i++)
        {
            var (sin, cos) = Math.SinCos(i * Math.Tau / spokes);
            for (var ring = 0; ring < 3; ring++)
            {
                var distance = ring switch { 0 => disc.Radius * 0.35, 1 => disc.Radius * 0.7, _ => (disc.Radius * 1.15) + 2 };
                if (!TryGet(plane, plane.Bounds, disc, cos, sin, distance, out var level))
                    continue;
                all++;
                if ((level > middle != dark) == ring < 2)
                    right++;
            }
        }
        return all == 0 ? 0 : right / (double)all;
    }

    private static bool TryGet(Plane plane, Box valid, Disc disc, double cos, double sin, double distance, out byte level)
    {
        var x = (int)Math.Round(disc.X + (cos * distance));
        var y = (int)Math.Round(disc.Y + (sin * distance));
        var inside = x >= valid.Left && y >= valid.Top && x < valid.Right && y < valid.Bottom;
        level = inside ? plane.Bytes[(y * plane.Stride) + x] : (byte)0;
        return inside;
    }

    private bool TryFit(Plane plane, Ramp ramp, double leak, double knownRadius, out Disc disc, out bool clipped)
    {
        var box = _profiles.Box;
        disc = default;
        clipped = false;
        double total = 0, momentX = 0, momentY = 0;
        var columns = _profiles.Columns;
        for (var i = 0; i < columns.Length; i++)
        {
            total += columns[i];
            momentX += (double)columns[i] * i;
        }
        var rows = _profiles.Rows;
        for (var i = 0; i < rows.Length; i++)
            momentY += (double)rows[i] * i;
        var area = total / ramp.Range;
        if (area < LeastRadius * LeastRadius * Math.PI)
            return false;
        var part = new Disc.Part(area, box.Left + (momentX / total), box.Top + (momentY / total));
        disc = new Disc(part.X, part.Y, Math.Sqrt(area / Math.PI));

        clipped = Cut(plane, ramp, leak);
        if (!clipped)
            return true;
        var extent = Extent(ramp);
        var radius = knownRadius > 0 ? knownRadius : Math.Max(disc.Radius, Math.Max(extent.Width, extent.Height) / 2.0);
        var x = extent.Left <= 0 ? extent.Right - 0.5 - radius
            : extent.Right >= plane.Width ? extent.Left - 0.5 + radius : part.X;
        var y = extent.Top <= 0 ? extent.Bottom - 0.5 - radius
            : extent.Bottom >= plane.Height ? extent.Top - 0.5 + radius : part.Y;
        disc = Disc.FromVisiblePart(part, plane.Bounds, new Disc(x, y, radius), knownRadius);
        return double.IsFinite(disc.X + disc.Y + disc.Radius) && disc.Radius >= LeastRadius;
    }

    /// <summary>Whether the plane's border cuts the ball off.</summary>
    private bool Cut(Plane plane, Ramp ramp, double leak)
    {
        var box = _profiles.Box;
        var columns = _profiles.Columns;
        var rows = _profiles.Rows;
        var inColumn = (ramp.Range * 1.25) + (leak * box.Height);
        var inRow = (ramp.Range * 1.25) + (leak * box.Width);
        return (box.Left == 0 && columns[0] > inColumn) || (box.Right == plane.Width && columns[^1] > inColumn)
            || (box.Top == 0 && rows[0] > inRow) || (box.Bottom == plane.Height && rows[^1] > inRow);
    }

    /// <summary>Whether the ball goes on beyond the box, inside the plane.</summary>
    private bool Spills(Plane plane, Box box, Ramp ramp, double leak)
    {
        var columns = _profiles.Columns;
        var rows = _profiles.Rows;
        var inColumn = (ramp.Range * 3.0) + (leak * box.Height);
        var inRow = (ramp.Range * 3.0) + (leak * box.Width);
        return (box.Left > 0 && columns[0] > inColumn) || (box.Right < plane.Width && columns[^1] > inColumn)
            || (box.Top > 0 && rows[0] > inRow) || (box.Bottom < plane.Height && rows[^1] > inRow);
    }

    /// <summary>From the first to the last column and row that hold some ball.</summary>
    private Box Extent(Ramp ramp)
    {
        var box = _profiles.Box;
        var columns = _profiles.Columns;
        var rows = _profiles.Rows;
        var enough = (uint)ramp.Range * 3 / 4;
        int left = 0, right = columns.Length, top = 0, bottom = rows.Length;
        while (left < right - 1 && columns[left] < enough)
            left++;
        while (right > left + 1 && columns[right - 1] < enough)
            right--;
        while (top < bottom - 1 && rows[top] < enough)
            top++;
        while (bottom > top + 1 && rows[bottom - 1] < enough)
            bottom--;
        return new Box(box.Left + left, box.Top + top, box.Left + right, box.Top + bottom);
    }

    private float Confidence(Plane plane, Disc disc, Ramp ramp, Levels levels, bool clipped)
    {
        var box = _profiles.Box;
        double total = 0, wrong = 0;
        var columns = _profiles.Columns;
        for (var i = 0; i < columns.Length; i++)
        {
            var seen = (double)columns[i] / ramp.Range;
            wrong += Math.Abs(seen - Disc.Chord(box.Left + i - disc.X, disc.Y, disc.Radius, -0.5, plane.Height - 0.5));
            total += seen;
        }
        var rows = _profiles.Rows;
        for (var i = 0; i < rows.Length; i++)
        {
            var seen = (double)rows[i] / ramp.Range;
            wrong += Math.Abs(seen - Disc.Chord(box.Top + i - disc.Y, disc.X, disc.Radius, -0.5, plane.Width - 0.5));
            total += seen;
        }

        if (levels.Contrast < LeastDeviations * levels.Noise)
            return 0;
        var agreement = Math.Clamp((Agreement(plane, disc, levels) - LeastAgreement) / (FullAgreement - LeastAgreement), 0, 1);

        // A disc of few pixels is never quite round.
        var grain = 0.5 / disc.Radius;
        var shape = Math.Clamp((WorstShape + grain - (wrong / total)) / (WorstShape - PerfectShape), 0, 1);
        var contrast = Math.Min(1, levels.Contrast / (16 + (4 * levels.Noise)));
        var visible = clipped ? Math.Min(1, Math.Sqrt(total / 2 / (disc.Radius * disc.Radius * Math.PI)) * 1.1) : 1;
        return (float)(shape * contrast * visible * agreement);
    }
}
