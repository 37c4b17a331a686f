namespace SIPSorcery.Net.Sctp;

/// <summary>What went over the wire, and what was refused.</summary>
internal sealed class SctpCounters
{
    public long PacketsSent;
    public long PacketsReceived;

    /// <summary>Packets dropped whole: malformed, wrong checksum, ports or tag.</summary>
    public long PacketsRefused;
    public long DataChunksSent;
    public long DataChunksReceived;
    public long DuplicatesReceived;

    /// <summary>DATA dropped because it lay outside the window or memory was full.</summary>
    public long DataDropped;
    public long Retransmissions;
    public long FastRetransmits;
    public long Timeouts;
    public long MessagesAbandoned;
}
