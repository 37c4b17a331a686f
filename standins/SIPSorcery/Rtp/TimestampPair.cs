namespace SIPSorcery.Net;

/// <summary>The same instant on a stream's RTP clock and on the NTP wall clock.</summary>
public class TimestampPair
{
    public uint RtpTimestamp { get; set; }
    public ulong NtpTimestamp { get; set; }
}
