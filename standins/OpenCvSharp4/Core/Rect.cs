namespace OpenCvSharp;

/// <summary>A rectangle of pixels; right and bottom are just outside.</summary>
public record struct Rect(int X, int Y, int Width, int Height)
{
    public int X = X;
    public int Y = Y;
    public int Width = Width;
    public int Height = Height;

    public static readonly Rect Empty;

    public Rect(Point location, Size size) : this(location.X, location.Y, size.Width, size.Height)
    {
    }

    public static Rect FromLTRB(int left, int top, int right, int bottom) => new(left, top, right - left, bottom - top);

    public readonly int Left => X;

    public readonly int Top => Y;

    public readonly int Right => X + Width;

    public readonly int Bottom => Y + Height;

    public readonly Point Location => new(X, Y);

    public readonly Size Size => new(Width, Height);

    public readonly Point TopLeft => new(X, Y);

    public readonly Point BottomRight => new(Right, Bottom);

    public static Rect operator &(Rect a, Rect b) => Intersect(a, b);

    public static Rect Intersect(Rect a, Rect b)
    {
        var left = Math.Max(a.X, b.X);
        var top = Math.Max(a.Y, b.Y);
        var right = Math.Min(a.Right, b.Right);
        var bottom = Math.Min(a.Bottom, b.Bottom);
        return right >= left && bottom >= top ? FromLTRB(left, top, right, bottom) : Empty;
    }

    public readonly Rect Intersect(Rect rect) => Intersect(this, rect);

    public readonly bool Contains(int x, int y) => X <= x && Y <= y && x < Right && y < Bottom;

    public readonly bool Contains(Point pt) => Contains(pt.X, pt.Y);
}
