namespace Ball.Link.Peers;

/// <summary>
/// What bitrate a peer can take, by what it reports: its estimate (REMB), and the share of packets it misses. Falls at once, and
/// rises slowly.
/// </summary>
/// <remarks>Times are nanoseconds of any monotonic clock. Any thread.</remarks>
public sealed class BitrateFollower
{
    /// <summary>An estimate that is not repeated holds this long.</summary>
    public const long EstimateHolds = 15_000_000_000;

    const double HeavyLoss = 0.10;
    const double LightLoss = 0.02;
    const double Rise = 1.08;
    const long RiseEvery = 1_000_000_000;
    const long FallEvery = 300_000_000;

    readonly Lock gate = new();
    readonly int max;
    readonly int min;
    double byLoss;
    long changedAt = long.MinValue / 2;
    double estimate = double.PositiveInfinity;
    long estimatedAt;

    public BitrateFollower(int max)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(max);
        this.max = max;
        // Below this a picture is not worth sending, and a peer's estimate of a quiet scene says more about the scene.
        min = Math.Min(max, Math.Max(100_000, max / 10));
        byLoss = max;
    }

    /// <summary>The peer misses this share of the packets, 0 to 1.</summary>
    public void Loss(double share, long now)
    {
        if (double.IsNaN(share))
            return;
        lock (gate)
        {
            if (share > HeavyLoss && now - changedAt >= FallEvery)
            {
                byLoss = Math.Max(min, byLoss * (1 - Math.Min(share, 1) / 2));
                changedAt = now;
            }
            else if (share < LightLoss && now - changedAt >= RiseEvery)
            {
                byLoss = Math.Min(max, byLoss * Rise);
                changedAt = now;
            }
        }
    }

    /// <summary>The peer thinks that it could take so many bits a second.</summary>
    public void Estimate(double bitsPerSecond, long now)
    {
        if (!(bitsPerSecond > 0))
            return;
        lock (gate)
        {
            estimate = bitsPerSecond;
            estimatedAt = now;
        }
    }

    /// <summary>The bitrate to encode at, for this peer.</summary>
    public int Target(long now)
    {
        lock (gate)
        {
            double target = byLoss;
            if (now - estimatedAt < EstimateHolds)
                target = Math.Min(target, estimate);
            return (int)Math.Clamp(target, min, max);
        }
    }
}
