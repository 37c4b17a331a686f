namespace Ball.Quic.Recovery;

/// <summary>The packets of one space that are neither acknowledged nor lost, found by number.</summary>
sealed class SentLog
{
    private SentPacket?[] ring = new SentPacket?[64];
    private long first;
    private long end;

    /// <summary>The lowest number that may still be here.</summary>
    public long First => first;

    /// <summary>One more than the highest number that was sent.</summary>
    public long End => end;

    public SentPacket? this[long number] => number < first || number >= end ? null : ring[number & (ring.Length - 1)];

    public void Add(SentPacket packet)
    {
        if (first == end)
            first = end = packet.Number;
        if (packet.Number - first >= ring.Length)
            Grow();
        ring[packet.Number & (ring.Length - 1)] = packet;
        end = packet.Number + 1;
    }

    public void Remove(long number)
    {
        ring[number & (ring.Length - 1)] = null;
        while (first < end && ring[first & (ring.Length - 1)] is null)
            first++;
    }

    private void Grow()
    {
        var larger = new SentPacket?[ring.Length * 2];
        for (long i = first; i < end; i++)
            larger[i & (larger.Length - 1)] = ring[i & (ring.Length - 1)];
        ring = larger;
    }
}
