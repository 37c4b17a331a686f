using System.Buffers.Binary;

namespace SIPSorcery.Net;

/// <summary>A receiver report: what was received, from one that sends nothing (RFC 3550, 6.4.2).</summary>
public class RTCPReceiverReport
{
    public const int MIN_PACKET_SIZE = RTCPHeader.HEADER_BYTES_LENGTH + 4;

    public RTCPHeader Header;
    public uint SSRC;
    public List<ReceptionReportSample>? ReceptionReports;

    public RTCPReceiverReport(uint ssrc, List<ReceptionReportSample>? receptionReports)
    {
        Header = new RTCPHeader(RTCPReportTypesEnum.RR, receptionReports?.Count ?? 0);
        SSRC = ssrc;
        ReceptionReports = receptionReports;
    }

    /// <summary>Reads a report.</summary>
    /// <exception cref="ApplicationException">The packet is too short.</exception>
    public RTCPReceiverReport(byte[] packet) : this(packet.AsSpan())
    {
    }

    internal RTCPReceiverReport(ReadOnlySpan<byte> packet)
    {
        if (packet.Length < MIN_PACKET_SIZE)
            throw new ApplicationException("The packet is too short for an RTCP receiver report.");
        Header = new RTCPHeader(packet);
        SSRC = BinaryPrimitives.ReadUInt32BigEndian(packet[4..]);
        ReceptionReports = ReceptionReportSample.ReadAll(packet[MIN_PACKET_SIZE..], Header.ReceptionReportCount);
    }

    public byte[] GetBytes()
    {
        var reports = ReceptionReports ?? [];
        var bytes = new byte[MIN_PACKET_SIZE + reports.Count * ReceptionReportSample.PAYLOAD_SIZE];
        Header.GetHeader(reports.Count, (ushort)(bytes.Length / 4 - 1)).CopyTo(bytes, 0);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(4), SSRC);
        ReceptionReportSample.WriteAll(reports, bytes.AsSpan(MIN_PACKET_SIZE));
        return bytes;
    }
}
