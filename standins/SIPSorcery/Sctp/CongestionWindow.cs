namespace SIPSorcery.Net.Sctp;

/// <summary>Slow start, congestion avoidance and fast recovery (RFC 9260, 7.2), in bytes.</summary>
internal sealed class CongestionWindow(int packetSize, int initialPackets)
{
    private const long Ceiling = 16 * 1024 * 1024;

    private long _threshold = Ceiling;
    private long _partialBytesAcked;
    private uint _recoveryEnd;

    public long Size { get; private set; } = (long)packetSize * initialPackets;

    public bool InRecovery { get; private set; }

    /// <summary>Takes note of a SACK that moved the cumulative point.</summary>
    public void OnAcked(long bytes, long flightBefore, uint cumulativeTsn)
    {
        if (InRecovery)
        {
            if (Serial.Before(cumulativeTsn, _recoveryEnd))
                return;
            InRecovery = false;
        }

        var used = flightBefore + packetSize > Size;
        if (!used)
            return;
        if (Size <= _threshold)
        {
            // A SACK may stand for a whole batch of packets, so what counts is how much it acknowledges.
            Size += bytes;
        }
        else
        {
            _partialBytesAcked += bytes;
            if (_partialBytesAcked >= Size)
            {
                _partialBytesAcked -= Size;
                Size += packetSize;
            }
        }

        Size = Math.Min(Size, Ceiling);
    }

    /// <summary>Halves the window for a loss seen by gap reports, once per window; false while already recovering.</summary>
    public bool OnLoss(uint highestOutstandingTsn)
    {
        if (InRecovery)
            return false;
        InRecovery = true;
        _recoveryEnd = highestOutstandingTsn;
        _threshold = Math.Max(Size / 2, 4L * packetSize);
        Size = _threshold;
        _partialBytesAcked = 0;
        return true;
    }

    /// <summary>Starts over after a retransmission time-out.</summary>
    public void OnTimeout()
    {
        InRecovery = false;
        _threshold = Math.Max(Size / 2, 4L * packetSize);
        Size = packetSize;
        _partialBytesAcked = 0;
    }
}
