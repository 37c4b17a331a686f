namespace SIPSorcery.Net;

/// <summary>What transport-wide feedback says about one packet.</summary>
public class TWCCPacketStatus
{
    public ushort SequenceNumber { get; set; }
    public TWCCPacketStatusType Status { get; set; }
    /// <summary>Microseconds since the packet reported before it; null when it was not received.</summary>
    public int? Delta { get; set; }
}
