namespace Ball.Vision;

/// <summary>Some of a picture's or a plane's pixels; right and bottom are just outside.</summary>
internal readonly record struct Box(int Left, int Top, int Right, int Bottom)
{
    public int Width => Right - Left;

    public int Height => Bottom - Top;

    public bool IsEmpty => Right <= Left || Bottom <= Top;

    public static Box Around(double x, double y, double reachX, double reachY) => new(
        (int)Math.Floor(x - reachX), (int)Math.Floor(y - reachY),
        (int)Math.Ceiling(x + reachX) + 1, (int)Math.Ceiling(y + reachY) + 1);

    public Box Grown(int pixels) => new(Left - pixels, Top - pixels, Right + pixels, Bottom + pixels);

    public Box Within(Box other) => new(
        Math.Max(Left, other.Left), Math.Max(Top, other.Top), Math.Min(Right, other.Right), Math.Min(Bottom, other.Bottom));

    /// <summary>
    /// Grown to whole multiples and moved into the other, so that a moving box keeps its size up to the very edge.
    /// </summary>
    public Box Rounded(int multiple, Box within)
    {
        var width = Math.Min((Width + multiple - 1) / multiple * multiple, within.Width);
        var height = Math.Min((Height + multiple - 1) / multiple * multiple, within.Height);
        var left = Math.Clamp(Left, within.Left, within.Right - width);
        var top = Math.Clamp(Top, within.Top, within.Bottom - height);
        return new Box(left, top, left + width, top + height);
    }
}
