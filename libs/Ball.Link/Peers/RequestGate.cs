namespace Ball.Link.Peers;

/// <summary>Lets a request through only if the last one was long enough ago, from whatever thread.</summary>
internal sealed class RequestGate(long every)
{
    long _nextAt = long.MinValue;

    public bool TryPass(long now)
    {
        long next = Volatile.Read(ref _nextAt);
        return now >= next && Interlocked.CompareExchange(ref _nextAt, now + every, next) == next;
    }
}
