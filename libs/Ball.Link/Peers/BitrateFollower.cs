namespace Ball.Link.Peers;

/// <summary>
/// What bitrate a peer can take, by what it reports: its estimate (REMB), and the share of packets it misses. Falls at once, and
/// rises slowly.
/// </summary>
/// <remarks>
/// A receiver's estimate hardly goes beyond what it gets (aiortc's hovers around just that), so of a quiet stream a low one says
/// nothing about the network: it counts only when it is clearly below what is sent, and that is at least half of what may be.
/// Times are nanoseconds of any monotonic clock. Any thread.
/// </remarks>
public sealed class BitrateFollower
{
    const double HeavyLoss = 0.10;
    const double LightLoss = 0.02;
    const double Telling = 0.75;
    const double Rise = 1.08;
    const long RiseEvery = 1_000_000_000;
    const long FallEvery = 300_000_000;
    const long RateWindow = 2_000_000_000;

    readonly Lock gate = new();
    readonly int max;
    readonly int min;
    double current;
    double rate;
    long windowStart = long.MinValue / 2;
    long windowBits;
    long changedAt = long.MinValue / 2;

    public BitrateFollower(int max)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(max);
        this.max = max;
        // Below this a picture is not worth sending.
        min = Math.Min(max, Math.Max(100_000, max / 10));
        current = max;
    }

    /// <summary>The bitrate to encode at, for this peer.</summary>
    public int Target
    {
        get
        {
            lock (gate)
                return (int)current;
        }
    }

    /// <summary>So many bytes were sent.</summary>
    public void Sent(int bytes, long now)
    {
        lock (gate)
        {
            long elapsed = now - windowStart;
            if (elapsed >= RateWindow)
            {
                rate = windowBits * 1e9 / elapsed;
                windowBits = 0;
                windowStart = now;
            }
            windowBits += bytes * 8L;
        }
    }

    /// <summary>The peer misses this share of the packets, 0 to 1.</summary>
    public void Loss(double share, long now)
    {
        if (double.IsNaN(share))
            return;
        lock (gate)
        {
            if (share > HeavyLoss && now - changedAt >= FallEvery)
                Change(current * (1 - Math.Min(share, 1) / 2), now);
            else if (share < LightLoss && now - changedAt >= RiseEvery)
                Change(current * Rise, now);
        }
    }

    /// <summary>The peer thinks that it could take so many bits a second.</summary>
    public void Estimate(double bitsPerSecond, long now)
    {
        if (!(bitsPerSecond > 0))
            return;
        lock (gate)
        {
            if (bitsPerSecond < current && bitsPerSecond < rate * Telling && rate > current / 2)
                Change(bitsPerSecond, now);
        }
    }

    void Change(double bitrate, long now)
    {
        current = Math.Clamp(bitrate, min, max);
        changedAt = now;
    }
}
