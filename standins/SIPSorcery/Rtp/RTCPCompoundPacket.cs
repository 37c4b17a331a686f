using System.Text;

namespace SIPSorcery.Net;

/// <summary>What one RTCP datagram holds. Of several packets of a kind, the last one is kept.</summary>
public class RTCPCompoundPacket
{
    protected internal RTCPCompoundPacket()
    {
    }

    public RTCPCompoundPacket(RTCPSenderReport? senderReport, RTCPSDesReport? sdesReport)
    {
        SenderReport = senderReport;
        SDesReport = sdesReport;
    }

    public RTCPCompoundPacket(RTCPReceiverReport? receiverReport, RTCPSDesReport? sdesReport)
    {
        ReceiverReport = receiverReport;
        SDesReport = sdesReport;
    }

    /// <summary>Reads a datagram, up to the first thing in it that is not RTCP.</summary>
    public RTCPCompoundPacket(byte[] packet) => Read(packet);

    public RTCPSenderReport? SenderReport { get; private set; }
    public RTCPReceiverReport? ReceiverReport { get; private set; }
    public RTCPSDesReport? SDesReport { get; private set; }
    public RTCPBye? Bye { get; set; }
    public RTCPFeedback? Feedback { get; set; }
    public RTCPTWCCFeedback? TWCCFeedback { get; set; }

    /// <summary>Serialises the report (sender or receiver), the source description and what else there is.</summary>
    public byte[] GetBytes()
    {
        if (SenderReport is null && ReceiverReport is null)
            throw new ApplicationException("An RTCP compound packet must have either a Sender or Receiver report set.");
        if (SDesReport is null)
            throw new ApplicationException("An RTCP compound packet must have an SDES report set.");
        return
        [
            .. SenderReport?.GetBytes() ?? ReceiverReport!.GetBytes(),
            .. SDesReport.GetBytes(),
            .. Bye?.GetBytes() ?? [],
            .. Feedback?.GetBytes() ?? [],
            .. TWCCFeedback?.GetBytes() ?? [],
        ];
    }

    /// <summary>The packet in a few lines of text, for logs.</summary>
    public string GetDebugSummary()
    {
        var text = new StringBuilder();
        if (Bye is not null)
            text.AppendLine("BYE");
        if (SDesReport is { } sdes)
            text.AppendLine($"SDES: SSRC={sdes.SSRC}, CNAME={sdes.CNAME}");
        if (SenderReport is { } sr)
            text.AppendLine($"Sender: SSRC={sr.SSRC}, PKTS={sr.PacketCount}, BYTES={sr.OctetCount}");
        if (ReceiverReport is { } rr)
            text.AppendLine($"Receiver: SSRC={rr.SSRC}");
        foreach (var sample in SenderReport?.ReceptionReports ?? ReceiverReport?.ReceptionReports ?? [])
            text.AppendLine($" RR: SSRC={sample.SSRC}, LOST={sample.PacketsLost}, JITTER={sample.Jitter}");
        return text.ToString().TrimEnd('\n');
    }

    /// <summary>Reads a datagram without throwing; false when nothing in it could be read.</summary>
    public static bool TryParse(ReadOnlySpan<byte> packet, out RTCPCompoundPacket rtcpCompoundPacket, out int consumed)
    {
        rtcpCompoundPacket = new RTCPCompoundPacket();
        consumed = rtcpCompoundPacket.Read(packet);
        return consumed > 0;
    }

    /// <summary>Reads a datagram into an existing object, without throwing.</summary>
    public static bool TryParse(byte[] packet, RTCPCompoundPacket? rtcpCompoundPacket, out int consumed)
    {
        consumed = (rtcpCompoundPacket ?? new RTCPCompoundPacket()).Read(packet);
        return consumed > 0;
    }

    int Read(ReadOnlySpan<byte> datagram)
    {
        var reader = new RtcpReader(datagram);
        while (reader.MoveNext())
        {
            var packet = reader.Packet;
            switch (reader.Type)
            {
                case RTCPReportTypesEnum.SR when packet.Length >= RTCPSenderReport.MIN_PACKET_SIZE:
                    SenderReport = new RTCPSenderReport(packet);
                    break;
                case RTCPReportTypesEnum.RR when packet.Length >= RTCPReceiverReport.MIN_PACKET_SIZE:
                    ReceiverReport = new RTCPReceiverReport(packet);
                    break;
                case RTCPReportTypesEnum.SDES when packet.Length >= RTCPSDesReport.MIN_PACKET_SIZE:
                    SDesReport = new RTCPSDesReport(packet);
                    break;
                case RTCPReportTypesEnum.BYE when packet.Length >= RTCPBye.MIN_PACKET_SIZE:
                    Bye = new RTCPBye(packet);
                    break;
                case RTCPReportTypesEnum.RTPFB when reader.Count == (int)RTCPFeedbackTypesEnum.TWCC:
                    if (IsWellFormedTwcc(packet))
                        TWCCFeedback = new RTCPTWCCFeedback(packet);
                    break;
                case RTCPReportTypesEnum.RTPFB or RTCPReportTypesEnum.PSFB when packet.Length >= 12:
                    Feedback = new RTCPFeedback(packet);
                    break;
            }
        }
        return reader.Consumed;
    }

    static bool IsWellFormedTwcc(ReadOnlySpan<byte> packet)
    {
        if (!TwccReader.TryOpen(packet, out var reader))
            return false;
        while (reader.MoveNext())
        {
        }
        return !reader.Failed;
    }
}
