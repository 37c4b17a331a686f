using Ball.World;

namespace BallServer.Peers;

/// <summary>How fast a count grows, looked at now and then.</summary>
internal sealed class RateMeter
{
    private const long Window = 1_000_000_000;

    private readonly Lock _gate = new();
    /// <summary>In less time than this, chance decides.</summary>
    private const long FirstLook = 200_000_000;

    private long _sinceCount;
    private long _sinceTime = MonotonicClock.Now;
    private double? _rate;

    /// <summary>A second's growth, over the last second or somewhat more.</summary>
    public double Of(long count)
    {
        lock (_gate)
        {
            var now = MonotonicClock.Now;
            var elapsed = now - _sinceTime;
            if (elapsed < (_rate is null ? FirstLook : Window))
                return _rate ?? 0;
            var rate = (count - _sinceCount) * 1e9 / elapsed;
            if (elapsed >= Window)
            {
                _rate = rate;
                (_sinceCount, _sinceTime) = (count, now);
            }
            return rate;
        }
    }
}
