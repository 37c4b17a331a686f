namespace Ball.CommandLine;

/// <summary>Width and height, as in `640x480`.</summary>
public readonly record struct PictureSize(int Width, int Height)
{
    public override string ToString() => $"{Width}x{Height}";
}
