using Ball.World;

namespace BallServer.Peers;

/// <summary>How fast a count grows, looked at now and then.</summary>
internal sealed class RateMeter
{
    private const long Window = 1_000_000_000;

    private readonly Lock _gate = new();
    private long _sinceCount;
    private long _sinceTime = MonotonicClock.Now;
    private double _rate;

    /// <summary>A second's growth, over the last second or somewhat more.</summary>
    public double Of(long count)
    {
        lock (_gate)
        {
            var now = MonotonicClock.Now;
            if (now - _sinceTime >= Window)
            {
                _rate = (count - _sinceCount) * 1e9 / (now - _sinceTime);
                (_sinceCount, _sinceTime) = (count, now);
            }
            return _rate;
        }
    }
}
