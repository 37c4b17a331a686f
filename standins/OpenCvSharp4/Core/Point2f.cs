namespace OpenCvSharp;

/// <summary>A place between pixels.</summary>
public record struct Point2f(float X, float Y)
{
    public float X = X;
    public float Y = Y;

    public readonly Point ToPoint() => new((int)X, (int)Y);

    public static explicit operator Point(Point2f self) => self.ToPoint();

    public static implicit operator Point2f(Point point) => new(point.X, point.Y);

    public static Point2f operator +(Point2f p1, Point2f p2) => new(p1.X + p2.X, p1.Y + p2.Y);

    public static Point2f operator -(Point2f p1, Point2f p2) => new(p1.X - p2.X, p1.Y - p2.Y);

    public static Point2f operator *(Point2f pt, double scale) => new((float)(pt.X * scale), (float)(pt.Y * scale));

    public static double Distance(Point2f p1, Point2f p2) => p1.DistanceTo(p2);

    public readonly double DistanceTo(Point2f p) => Math.Sqrt(Math.Pow(p.X - X, 2) + Math.Pow(p.Y - Y, 2));
}
