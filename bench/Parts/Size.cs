namespace Ball.Bench.Parts;

/// <summary>A picture size that prints the way people say it.</summary>
public readonly record struct Size(int Width, int Height)
{
    public static readonly Size Vga = new(640, 480);

    public static readonly Size Hd = new(1280, 720);

    public override string ToString() => $"{Width}x{Height}";
}
