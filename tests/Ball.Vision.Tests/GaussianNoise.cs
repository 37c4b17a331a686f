namespace Ball.Vision.Tests;

/// <summary>The same noise each time.</summary>
internal sealed class GaussianNoise
{
    private readonly sbyte[] _values = new sbyte[65521];
    private readonly bool _silent;
    private int _next;

    public GaussianNoise(int seed, double deviation)
    {
        _silent = deviation <= 0;
        var random = new Random(seed);
        for (var i = 0; i < _values.Length; i++)
        {
            var gauss = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(Math.Tau * random.NextDouble());
            _values[i] = (sbyte)Math.Clamp(Math.Round(gauss * deviation), -127, 127);
        }
    }

    public void AddTo(Span<byte> bytes)
    {
        if (_silent)
            return;
        for (var i = 0; i < bytes.Length; i++)
        {
            bytes[i] = (byte)Math.Clamp(bytes[i] + _values[_next], 0, 255);
            _next = _next + 1 == _values.Length ? 0 : _next + 1;
        }
    }
}
