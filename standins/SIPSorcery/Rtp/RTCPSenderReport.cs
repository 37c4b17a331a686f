using System.Buffers.Binary;

namespace SIPSorcery.Net;

/// <summary>A sender report: what was sent and when, and what was received (RFC 3550, 6.4.1).</summary>
public class RTCPSenderReport
{
    public const int SENDER_PAYLOAD_SIZE = 20;
    public const int MIN_PACKET_SIZE = RTCPHeader.HEADER_BYTES_LENGTH + 4 + SENDER_PAYLOAD_SIZE;

    public RTCPHeader Header;
    public uint SSRC;
    public ulong NtpTimestamp;
    public uint RtpTimestamp;
    public uint PacketCount;
    public uint OctetCount;
    public List<ReceptionReportSample>? ReceptionReports;

    public RTCPSenderReport(
        uint ssrc, ulong ntpTimestamp, uint rtpTimestamp, uint packetCount, uint octetCount,
        List<ReceptionReportSample>? receptionReports)
    {
        Header = new RTCPHeader(RTCPReportTypesEnum.SR, receptionReports?.Count ?? 0);
        SSRC = ssrc;
        NtpTimestamp = ntpTimestamp;
        RtpTimestamp = rtpTimestamp;
        PacketCount = packetCount;
        OctetCount = octetCount;
        ReceptionReports = receptionReports;
    }

    /// <summary>Reads a report.</summary>
    /// <exception cref="ApplicationException">The packet is too short.</exception>
    public RTCPSenderReport(byte[] packet) : this(packet.AsSpan())
    {
    }

    internal RTCPSenderReport(ReadOnlySpan<byte> packet)
    {
        if (packet.Length < MIN_PACKET_SIZE)
            throw new ApplicationException("The packet is too short for an RTCP sender report.");
        Header = new RTCPHeader(packet);
        SSRC = BinaryPrimitives.ReadUInt32BigEndian(packet[4..]);
        NtpTimestamp = BinaryPrimitives.ReadUInt64BigEndian(packet[8..]);
        RtpTimestamp = BinaryPrimitives.ReadUInt32BigEndian(packet[16..]);
        PacketCount = BinaryPrimitives.ReadUInt32BigEndian(packet[20..]);
        OctetCount = BinaryPrimitives.ReadUInt32BigEndian(packet[24..]);
        ReceptionReports = ReceptionReportSample.ReadAll(packet[MIN_PACKET_SIZE..], Header.ReceptionReportCount);
    }

    public byte[] GetBytes()
    {
        var reports = ReceptionReports ?? [];
        var bytes = new byte[MIN_PACKET_SIZE + reports.Count * ReceptionReportSample.PAYLOAD_SIZE];
        Header.GetHeader(reports.Count, (ushort)(bytes.Length / 4 - 1)).CopyTo(bytes, 0);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(4), SSRC);
        BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(8), NtpTimestamp);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(16), RtpTimestamp);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(20), PacketCount);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(24), OctetCount);
        ReceptionReportSample.WriteAll(reports, bytes.AsSpan(MIN_PACKET_SIZE));
        return bytes;
    }
}
