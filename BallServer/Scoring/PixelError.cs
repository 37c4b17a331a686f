namespace BallServer.Scoring;

/// <summary>How far two positions are apart: |dx| + |dy|, and straight.</summary>
internal readonly record struct PixelError(double L1, double L2)
{
    public static PixelError Between(double x1, double y1, double x2, double y2)
    {
        double dx = x1 - x2, dy = y1 - y2;
        return new(Math.Abs(dx) + Math.Abs(dy), Math.Sqrt(dx * dx + dy * dy));
    }
}
