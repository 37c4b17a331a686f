namespace BallServer.Web.Sessions;

/// <summary>
/// How many messages a page may send: a sample for each frame at the highest rate, and much more in between, but not without end.
/// </summary>
/// <remarks>Times are nanoseconds of a monotonic clock.</remarks>
internal sealed class FloodGate(long now)
{
    public const int PerSecond = 1000;
    public const int AtOnce = 2000;

    private double _left = AtOnce;
    private long _at = now;

    public bool TryPass(long now)
    {
        _left = Math.Min(AtOnce, _left + (now - _at) * (PerSecond / 1e9));
        _at = now;
        if (_left < 1)
            return false;
        _left--;
        return true;
    }
}
