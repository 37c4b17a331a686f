using System.Numerics;

namespace BallDetector;

/// <summary>Durations in buckets three percent apart; adding one allocates nothing.</summary>
internal sealed class LatencyHistogram
{
    private const int StepBits = 5;
    private const int Steps = 1 << StepBits;
    private readonly long[] _counts = new long[(64 - StepBits) * Steps];

    public long Count { get; private set; }

    public void Add(long nanoseconds)
    {
        _counts[Bucket(nanoseconds)]++;
        Count++;
    }

    /// <summary>The duration in milliseconds that this share of all stayed below; 0 when there are none.</summary>
    public double Percentile(double share)
    {
        var left = (long)Math.Ceiling(share * Count);
        if (Count == 0)
            return 0;
        var bucket = 0;
        for (; bucket < _counts.Length - 1 && (left -= _counts[bucket]) > 0; bucket++)
        {
        }
        return MiddleOf(bucket) / 1e6;
    }

    private static int Bucket(long nanoseconds)
    {
        var value = (ulong)Math.Max(nanoseconds, 0);
        if (value < Steps)
            return (int)value;
        var shift = BitOperations.Log2(value) - StepBits;
        return ((shift + 1) << StepBits) + (int)((value >> shift) & (Steps - 1));
    }

    private static double MiddleOf(int bucket)
    {
        if (bucket < Steps)
            return bucket;
        var shift = (bucket >> StepBits) - 1;
        return ((ulong)(Steps + (bucket & (Steps - 1))) + 0.5) * Math.ScaleB(1, shift);
    }
}
