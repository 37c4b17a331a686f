namespace OpenCvSharp;

/// <summary>A pixel's place.</summary>
public record struct Point(int X, int Y)
{
    public int X = X;
    public int Y = Y;

    public Point(double x, double y) : this((int)x, (int)y)
    {
    }

    public static Point operator +(Point p1, Point p2) => new(p1.X + p2.X, p1.Y + p2.Y);

    public static Point operator -(Point p1, Point p2) => new(p1.X - p2.X, p1.Y - p2.Y);

    public static Point operator *(Point pt, double scale) => new(pt.X * scale, pt.Y * scale);

    public static double Distance(Point p1, Point p2) => p1.DistanceTo(p2);

    public readonly double DistanceTo(Point p) => Math.Sqrt(Math.Pow(p.X - X, 2) + Math.Pow(p.Y - Y, 2));
}
