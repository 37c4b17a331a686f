namespace Ball.Quic.Recovery;

/// <summary>How much may be on its way at once (RFC 9002, section 7 and appendix B).</summary>
sealed class NewReno(int packetSize)
{
    private readonly long minimum = 2L * packetSize;
    private long threshold = long.MaxValue;
    private long recoveryStart = -1;
    private long growth;

    public long Window { get; private set; } = Math.Min(10L * packetSize, Math.Max(14_720, 2L * packetSize));

    public long InFlight { get; private set; }

    public bool InSlowStart => Window < threshold;

    public void Sent(int size) => InFlight += size;

    /// <summary>Packets of a discarded space count no more.</summary>
    public void Forget(int size) => InFlight -= size;

    /// <param name="size">The packet's size.</param>
    /// <param name="sentAt">When it was sent.</param>
    /// <param name="windowUsed">Whether the window was what held the sender back; else it must not grow.</param>
    public void Acked(int size, long sentAt, bool windowUsed)
    {
        InFlight -= size;
        if (!windowUsed || sentAt <= recoveryStart)
            return;
        if (InSlowStart)
        {
            Window += size;
            return;
        }

        growth += size;
        if (growth < Window)
            return;
        growth -= Window;
        Window += packetSize;
    }

    public void Lost(int size) => InFlight -= size;

    /// <summary>Something was lost: once per round trip the window halves.</summary>
    public void Congestion(long lastLostSentAt, long now)
    {
        if (lastLostSentAt <= recoveryStart)
            return;
        recoveryStart = now;
        growth = 0;
        Window = threshold = Math.Max(Window / 2, minimum);
    }

    /// <summary>Nothing came through for long: begin anew.</summary>
    public void PersistentCongestion()
    {
        Window = minimum;
        recoveryStart = -1;
    }

    /// <summary>A new path: nothing is known.</summary>
    public void Reset()
    {
        Window = Math.Min(10L * packetSize, Math.Max(14_720, 2L * packetSize));
        threshold = long.MaxValue;
        recoveryStart = -1;
        growth = 0;
    }
}
