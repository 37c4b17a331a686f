namespace Ball.World;

/// <summary>A colour as OpenCV orders it.</summary>
public readonly record struct Bgr(byte B, byte G, byte R)
{
    public override string ToString() => $"#{R:x2}{G:x2}{B:x2}";
}
