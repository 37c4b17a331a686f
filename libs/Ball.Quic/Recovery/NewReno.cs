namespace Ball.Quic.Recovery;

/// <summary>How much may be on its way at once (RFC 9002, section 7 and appendix B).</summary>
sealed class NewReno(int packetSize)
{
    private readonly long _minimum = 2L * packetSize;
    private long _threshold = long.MaxValue;
    private long _recoveryStart = -1;
    private long _growth;

    public long Window { get; private set; } = Math.Min(10L * packetSize, Math.Max(14_720, 2L * packetSize));

    public long InFlight { get; private set; }

    public bool InSlowStart => Window < _threshold;

    public void Sent(int size) => InFlight += size;

    /// <summary>Packets of a discarded space count no more.</summary>
    public void Forget(int size) => InFlight -= size;

    /// <param name="size">The packet's size.</param>
    /// <param name="sentAt">When it was sent.</param>
    /// <param name="windowUsed">Whether the window was what held the sender back; else it must not grow.</param>
    public void Acked(int size, long sentAt, bool windowUsed)
    {
        InFlight -= size;
        if (!windowUsed || sentAt <= _recoveryStart)
            return;
        if (InSlowStart)
        {
            Window += size;
            return;
        }

        _growth += size;
        if (_growth < Window)
            return;
        _growth -= Window;
        Window += packetSize;
    }

    public void Lost(int size) => InFlight -= size;

    /// <summary>Something was lost: once per round trip the window halves.</summary>
    public void Congestion(long lastLostSentAt, long now)
    {
        if (lastLostSentAt <= _recoveryStart)
            return;
        _recoveryStart = now;
        _growth = 0;
        Window = _threshold = Math.Max(Window / 2, _minimum);
    }

    /// <summary>Nothing came through for long: begin anew.</summary>
    public void PersistentCongestion()
    {
        Window = _minimum;
        _recoveryStart = -1;
    }

    /// <summary>A new path: nothing is known.</summary>
    public void Reset()
    {
        Window = Math.Min(10L * packetSize, Math.Max(14_720, 2L * packetSize));
        _threshold = long.MaxValue;
        _recoveryStart = -1;
        _growth = 0;
    }
}
