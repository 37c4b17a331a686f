namespace SIPSorcery.Net;

/// <summary>What a receiver says about one source: a report block of a sender or receiver report.</summary>
public class ReceptionReportSample
{
    public const int PAYLOAD_SIZE = 24;

    public uint SSRC;
    /// <summary>Packets lost since the last report, in 1/256.</summary>
    public byte FractionLost;
    /// <summary>Packets lost since the start; negative when there were more duplicates than losses.</summary>
    public int PacketsLost;
    public uint ExtendedHighestSequenceNumber;
    /// <summary>In units of the stream's RTP clock.</summary>
    public uint Jitter;
    public uint LastSenderReportTimestamp;
    /// <summary>In 1/65536 seconds.</summary>
    public uint DelaySinceLastSenderReport;

    public ReceptionReportSample(
        uint ssrc, byte fractionLost, int packetsLost, uint highestSeqNum, uint jitter, uint lastSRTimestamp,
        uint delaySinceLastSR)
    {
        SSRC = ssrc;
        FractionLost = fractionLost;
        PacketsLost = packetsLost;
        ExtendedHighestSequenceNumber = highestSeqNum;
        Jitter = jitter;
        LastSenderReportTimestamp = lastSRTimestamp;
        DelaySinceLastSenderReport = delaySinceLastSR;
    }

    public ReceptionReportSample(byte[] packet) : this(new ReportBlock(packet.AsSpan(0, PAYLOAD_SIZE)))
    {
    }

    internal ReceptionReportSample(in ReportBlock block)
        : this(block.Ssrc, block.FractionLost, block.PacketsLost, block.HighestSequence, block.Jitter, block.LastSr,
            block.DelaySinceSr)
    {
    }

    public byte[] GetBytes()
    {
        var bytes = new byte[PAYLOAD_SIZE];
        WriteAll([this], bytes);
        return bytes;
    }

    internal static void WriteAll(List<ReceptionReportSample> samples, Span<byte> blocks)
    {
        foreach (var sample in samples)
        {
            new ReportBlock(sample.SSRC, sample.FractionLost, sample.PacketsLost, sample.ExtendedHighestSequenceNumber,
                sample.Jitter, sample.LastSenderReportTimestamp, sample.DelaySinceLastSenderReport).Write(blocks);
            blocks = blocks[PAYLOAD_SIZE..];
        }
    }

    internal static List<ReceptionReportSample> ReadAll(ReadOnlySpan<byte> blocks, int count)
    {
        var samples = new List<ReceptionReportSample>();
        for (; count > 0 && blocks.Length >= PAYLOAD_SIZE; count--, blocks = blocks[PAYLOAD_SIZE..])
            samples.Add(new ReceptionReportSample(new ReportBlock(blocks)));
        return samples;
    }
}
