namespace Ball.Vision.Tests;

/// <summary>The same noise each time.</summary>
internal sealed class GaussianNoise
{
    private readonly sbyte[] values = new sbyte[65521];
    private readonly bool silent;
    private int next;

    public GaussianNoise(int seed, double deviation)
    {
        silent = deviation <= 0;
        var random = new Random(seed);
        for (var i = 0; i < values.Length; i++)
        {
            var gauss = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(Math.Tau * random.NextDouble());
            values[i] = (sbyte)Math.Clamp(Math.Round(gauss * deviation), -127, 127);
        }
    }

    public void AddTo(Span<byte> bytes)
    {
        if (silent)
            return;
        for (var i = 0; i < bytes.Length; i++)
        {
            bytes[i] = (byte)Math.Clamp(bytes[i] + values[next], 0, 255);
            next = next + 1 == values.Length ? 0 : next + 1;
        }
    }
}
