namespace Ball.World;

/// <summary>
/// Numbers that depend on seed and index alone (SplitMix64's finish), so that any of them can be had at any time.
/// </summary>
internal static class SeededRandom
{
    /// <summary>Evenly spread over [0, 1).</summary>
    public static double At(int seed, ulong index)
    {
        var z = ((ulong)(uint)seed << 32 ^ 0x9E3779B97F4A7C15) + index * 0x9E3779B97F4A7C15;
        z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9;
        z = (z ^ z >> 27) * 0x94D049BB133111EB;
        z ^= z >> 31;
        return (z >> 11) * (1.0 / (1UL << 53));
    }
}
