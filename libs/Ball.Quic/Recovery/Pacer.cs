namespace Ball.Quic.Recovery;

/// <summary>Spreads a window over a round trip instead of sending it in one burst (RFC 9002, section 7.7).</summary>
sealed class Pacer(int packetSize)
{
    private const long TimerGrain = 2_000;

    private long _tokens = 10L * packetSize;
    private long _refilledAt;

    /// <summary>When the next packet may go; now or earlier means at once.</summary>
    public long NextSend(long now, long window, long smoothedRtt)
    {
        // A quarter more than the window per round trip, so that the pace is never what limits.
        long rtt = Math.Max(smoothedRtt, 1);
        long perGrain = window * 5 / 4 * TimerGrain / rtt;
        long capacity = Math.Max(10L * packetSize, perGrain);
        long elapsed = Math.Clamp(now - _refilledAt, 0, 1_000_000);
        long refill = window * 5 / 4 * elapsed / rtt;
        if (refill > 0)
        {
            _tokens = Math.Min(capacity, _tokens + refill);
            _refilledAt = now;
        }

        return _tokens >= packetSize ? now : now + Math.Max(1, (packetSize - _tokens) * rtt / Math.Max(1, window * 5 / 4));
    }

    public void Sent(int size) => _tokens -= size;
}
