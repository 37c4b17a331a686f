namespace Loop;

/// <summary>One picture size and rate, and how our side finds the ball.</summary>
internal sealed record Scenario(int Width, int Height, int Fps)
{
    public static readonly Scenario[] All = [new(640, 480, 30), new(1280, 720, 30), new(1280, 720, 60)];

    public string Size => $"{Width}x{Height}";

    public override string ToString() => $"{Size}@{Fps}";
}
