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

    readonly Lock _gate = new();
    readonly int _max;
    readonly int _min;
    double _current;
    double _rate;
    long _windowStart = long.MinValue / 2;
    long _windowBits;
    long _changedAt = long.MinValue / 2;

    public BitrateFollower(int max)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(max);
        _max = max;
        // Below this a picture is not worth sending.
        _min = Math.Min(max, Math.Max(100_000, max / 10));
        _current = max;
    }

    /// <summary>The bitrate to encode at, for this peer.</summary>
    public int Target
    {
        get
        {
            lock (_gate)
                return (int)_current;
        }
    }

    /// <summary>So many bytes were sent.</summary>
    public void Sent(int bytes, long now)
    {
        lock (_gate)
        {
            long elapsed = now - _windowStart;
            if (elapsed >= RateWindow)
            {
                _rate = _windowBits * 1e9 / elapsed;
                _windowBits = 0;
                _windowStart = now;
            }
            _windowBits += bytes * 8L;
        }
    }

    /// <summary>The peer misses this share of the packets, 0 to 1.</summary>
    public void Loss(double share, long now)
    {
        if (double.IsNaN(share))
            return;
        lock (_gate)
        {
            if (share > HeavyLoss && now - _changedAt >= FallEvery)
                Change(_current * (1 - Math.Min(share, 1) / 2), now);
            else if (share < LightLoss && now - _changedAt >= RiseEvery)
                Change(_current * Rise, now);
        }
    }

    /// <summary>The peer thinks that it could take so many bits a second.</summary>
    public void Estimate(double bitsPerSecond, long now)
    {
        if (!(bitsPerSecond > 0))
            return;
        lock (_gate)
        {
            if (bitsPerSecond < _current && bitsPerSecond < _rate * Telling && _rate > _current / 2)
                Change(bitsPerSecond, now);
        }
    }

    void Change(double bitrate, long now)
    {
        _current = Math.Clamp(bitrate, _min, _max);
        _changedAt = now;
    }
}
