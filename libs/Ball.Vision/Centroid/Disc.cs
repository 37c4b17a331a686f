namespace Ball.Vision.Centroid;

/// <summary>A circle in a plane, and what can be seen of it there.</summary>
internal readonly record struct Disc(double X, double Y, double Radius)
{
    private const int Slices = 64;
    private const int MostSteps = 20;

    /// <summary>How long the part of the column (row) at a distance from the centre is that lies between two borders.</summary>
    public static double Chord(double distance, double centre, double radius, double from, double to)
    {
        var square = (radius * radius) - (distance * distance);
        if (square <= 0)
            return 0;
        var half = Math.Sqrt(square);
        return Math.Max(0, Math.Min(to, centre + half) - Math.Max(from, centre - half));
    }

    /// <summary>
    /// The disc whose visible part has the given area and centroid: three equations, three unknowns, solved by damped
    /// Gauss-Newton. Where the radius is known from before, it joins in as a fourth equation.
    /// </summary>
    public static Disc FromVisiblePart(Part seen, Box frame, Disc guess, double knownRadius)
    {
        var disc = guess;
        var error = Residuals(disc, seen, frame, knownRadius);
        var damping = 1e-3;
        Span<double> matrix = stackalloc double[12];
        for (var step = 0; step < MostSteps && error.Norm > 1e-8; step++)
        {
            const double delta = 1e-3;
            var dx = (Residuals(disc with { X = disc.X + delta }, seen, frame, knownRadius) - error) / delta;
            var dy = (Residuals(disc with { Y = disc.Y + delta }, seen, frame, knownRadius) - error) / delta;
            var dr = (Residuals(disc with { Radius = disc.Radius + delta }, seen, frame, knownRadius) - error) / delta;
            matrix[0] = dx.Dot(dx);
            matrix[1] = matrix[4] = dx.Dot(dy);
            matrix[2] = matrix[8] = dx.Dot(dr);
            matrix[5] = dy.Dot(dy);
            matrix[6] = matrix[9] = dy.Dot(dr);
            matrix[10] = dr.Dot(dr);
            (matrix[3], matrix[7], matrix[11]) = (-dx.Dot(error), -dy.Dot(error), -dr.Dot(error));
            matrix[0] += damping * (matrix[0] + 1e-6);
            matrix[5] += damping * (matrix[5] + 1e-6);
            matrix[10] += damping * (matrix[10] + 1e-6);
            if (!Solve(matrix, out var x, out var y, out var r))
                break;
            var limit = disc.Radius / 2;
            var next = new Disc(
                disc.X + Math.Clamp(x, -limit, limit), disc.Y + Math.Clamp(y, -limit, limit),
                Math.Max(1, disc.Radius + Math.Clamp(r, -limit, limit)));
            var nextError = Residuals(next, seen, frame, knownRadius);
            if (nextError.Norm < error.Norm)
            {
                (disc, error) = (next, nextError);
                damping = Math.Max(1e-9, damping * 0.2);
            }
            else
            {
                damping *= 8;
                if (damping > 1e6)
                    break;
            }
        }
        return disc;
    }

    /// <summary>Area and centroid of what lies inside the frame.</summary>
    public Part Visible(Box frame)
    {
        double left = frame.Left - 0.5, top = frame.Top - 0.5, right = frame.Right - 0.5, bottom = frame.Bottom - 0.5;
        var from = Math.Asin(Math.Clamp((top - Y) / Radius, -1, 1));
        var to = Math.Asin(Math.Clamp((bottom - Y) / Radius, -1, 1));
        double area = 0, momentX = 0, momentY = 0;
        var width = (to - from) / Slices;
        for (var i = 0; i < Slices; i++)
        {
            var (sin, cos) = Math.SinCos(from + ((i + 0.5) * width));
            var half = Radius * cos;
            var start = Math.Max(left, X - half);
            var end = Math.Min(right, X + half);
            if (end <= start)
                continue;
            var slice = (end - start) * half * width;
            area += slice;
            momentX += slice * (start + end) / 2;
            momentY += slice * (Y + (Radius * sin));
        }
        return area <= 0 ? default : new Part(area, momentX / area, momentY / area);
    }

    private static Errors Residuals(Disc disc, Part seen, Box frame, double knownRadius)
    {
        // All four in pixels, so that they weigh alike.
        const double trustInRadius = 2;
        var part = disc.Visible(frame);
        if (part.Area <= 0)
            part = new Part(0, disc.X, disc.Y);
        return new Errors(
            Math.Sqrt(part.Area) - Math.Sqrt(seen.Area), part.X - seen.X, part.Y - seen.Y,
            knownRadius > 0 ? trustInRadius * (disc.Radius - knownRadius) : 0);
    }

    private static bool Solve(Span<double> m, out double x, out double y, out double z)
    {
        // Three rows of four: Gauss with pivots.
        x = y = z = 0;
        for (var i = 0; i < 3; i++)
        {
            var pivot = i;
            for (var k = i + 1; k < 3; k++)
                if (Math.Abs(m[(k * 4) + i]) > Math.Abs(m[(pivot * 4) + i]))
                    pivot = k;
            if (Math.Abs(m[(pivot * 4) + i]) < 1e-15)
                return false;
            for (var k = 0; k < 4; k++)
                (m[(i * 4) + k], m[(pivot * 4) + k]) = (m[(pivot * 4) + k], m[(i * 4) + k]);
            for (var k = i + 1; k < 3; k++)
            {
                var factor = m[(k * 4) + i] / m[(i * 4) + i];
                for (var c = i; c < 4; c++)
                    m[(k * 4) + c] -= factor * m[(i * 4) + c];
            }
        }
        z = m[11] / m[10];
        y = (m[7] - (m[6] * z)) / m[5];
        x = (m[3] - (m[1] * y) - (m[2] * z)) / m[0];
        return double.IsFinite(x + y + z);
    }

    /// <summary>What is seen of a disc.</summary>
    internal readonly record struct Part(double Area, double X, double Y);

    private readonly record struct Errors(double Area, double X, double Y, double Radius)
    {
        public double Norm => Dot(this);

        public double Dot(Errors other) =>
            (Area * other.Area) + (X * other.X) + (Y * other.Y) + (Radius * other.Radius);

        public static Errors operator -(Errors a, Errors b) => new(a.Area - b.Area, a.X - b.X, a.Y - b.Y, a.Radius - b.Radius);

        public static Errors operator /(Errors a, double b) => new(a.Area / b, a.X / b, a.Y / b, a.Radius / b);
    }
}
