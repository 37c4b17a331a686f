using System.Numerics;

namespace Ball.Measuring;

/// <summary>
/// Counts values in buckets that are at most 0.8 % wide, so every percentile is right to 0.4 %, in memory that never grows.
/// Any number of threads may add at once; reading while they do gives a picture that is a few values old.
/// </summary>
public sealed class LatencyHistogram
{
    const int SubBits = 7;
    const int Sub = 1 << SubBits;
    const int MaxBits = 42;

    /// <summary>Larger values, beyond 73 minutes in nanoseconds, count as this one.</summary>
    public const long Largest = (1L << MaxBits) - 1;

    readonly long[] _buckets = new long[(MaxBits - SubBits + 1) * Sub];
    long _count;
    long _sum;
    long _max;

    /// <summary>How many values there are.</summary>
    public long Count => Interlocked.Read(ref _count);

    /// <summary>Exactly, not by buckets; 0 where there are none.</summary>
    public double Mean => Count is var n and > 0 ? Interlocked.Read(ref _sum) / (double)n : 0;

    /// <summary>Exactly, not by buckets; 0 where there are none.</summary>
    public long Max => Interlocked.Read(ref _max);

    /// <summary>Adds a value; a negative one, as clocks that are slightly wrong produce, counts as 0.</summary>
    public void Add(long value)
    {
        value = Math.Clamp(value, 0, Largest);
        Interlocked.Increment(ref _buckets[Index(value)]);
        Interlocked.Increment(ref _count);
        Interlocked.Add(ref _sum, value);
        Raise(value);
    }

    /// <summary>Adds all that another one counted.</summary>
    public void Add(LatencyHistogram other)
    {
        for (int i = 0; i < _buckets.Length; i++)
        {
            long n = Volatile.Read(ref other._buckets[i]);
            if (n > 0)
                Interlocked.Add(ref _buckets[i], n);
        }
        Interlocked.Add(ref _count, other.Count);
        Interlocked.Add(ref _sum, Interlocked.Read(ref other._sum));
        Raise(other.Max);
    }

    /// <summary>The value that so many percent of all values do not exceed; 0 where there are none.</summary>
    public double Percentile(double percent)
    {
        long total = 0;
        foreach (ref long bucket in _buckets.AsSpan())
            total += Volatile.Read(ref bucket);
        if (total == 0)
            return 0;
        long rank = Math.Clamp((long)Math.Ceiling(total * percent / 100), 1, total);
        for (int i = 0; i < _buckets.Length; i++)
        {
            rank -= Volatile.Read(ref _buckets[i]);
            if (rank <= 0)
                return Math.Min(Middle(i), Max);
        }
        return Max;
    }

    static int Index(long value)
    {
        int shift = Math.Max(0, BitOperations.Log2((ulong)value | 1) - SubBits);
        return shift * Sub + (int)(value >> shift);
    }

    static double Middle(int index)
    {
        int shift = Math.Max(0, index / Sub - 1);
        long low = (long)(index - shift * Sub) << shift;
        return low + ((1L << shift) - 1) / 2.0;
    }

    void Raise(long value)
    {
        long seen = Interlocked.Read(ref _max);
        while (value > seen)
        {
            long now = Interlocked.CompareExchange(ref _max, value, seen);
            if (now == seen)
                return;
            seen = now;
        }
    }
}
