namespace SIPSorcery.Net;

/// <summary>What SRTP remembers of one SSRC in one direction.</summary>
internal sealed class SrtpSource(uint ssrc)
{
    public uint Ssrc { get; } = ssrc;

    /// <summary>By the 48-bit RTP packet index: rollover counter and sequence number.</summary>
    public ReplayWindow Rtp { get; } = new();

    /// <summary>By the 31-bit SRTCP index.</summary>
    public ReplayWindow Rtcp { get; } = new();

    /// <summary>The index for the next RTCP packet to protect.</summary>
    public uint NextRtcp { get; set; }

    /// <summary>The packet index that a sequence number most likely stands for (RFC 3711, appendix A).</summary>
    public static long EstimateIndex(long highest, ushort sequence)
    {
        if (highest < 0)
            return sequence;
        var rollover = highest >> 16;
        var last = (int)(highest & 0xFFFF);
        if (last < 0x8000)
        {
            // Before the first rollover there is nothing to go back to; the guess then is this lap.
            if (sequence - last > 0x8000 && rollover > 0)
                rollover--;
        }
        else if (last - 0x8000 > sequence)
        {
            rollover++;
        }
        return rollover << 16 | sequence;
    }
}
