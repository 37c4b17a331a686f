using Ball.Measuring;

namespace BallServer.Peers;

/// <summary>How fast a count grows, looked at now and then.</summary>
internal sealed class RateMeter(TimeProvider time)
{
    /// <summary>Somewhat less than a second: who looks each second sees a new rate each time, however a timer wavers.</summary>
    private const long Window = 900_000_000;

    /// <summary>In less time than this, chance decides.</summary>
    private const long FirstLook = 200_000_000;

    private readonly Lock _gate = new();
    private long _sinceCount;
    private long _sinceTime = time.Nanoseconds();
    private double? _rate;

    /// <summary>A second's growth, over the last second or thereabouts.</summary>
    public double Of(long count)
    {
        lock (_gate)
        {
            var now = time.Nanoseconds();
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
