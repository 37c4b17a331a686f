using System.Buffers.Binary;

namespace SIPSorcery.Net;

/// <summary>The four bytes that begin every RTCP packet.</summary>
public class RTCPHeader
{
    public const int HEADER_BYTES_LENGTH = 4;
    public const int MAX_RECEPTIONREPORT_COUNT = 32;
    public const int RTCP_VERSION = 2;

    public RTCPHeader(RTCPFeedbackTypesEnum feedbackType)
    {
        PacketType = RTCPReportTypesEnum.RTPFB;
        FeedbackMessageType = feedbackType;
    }

    public RTCPHeader(PSFBFeedbackTypesEnum feedbackType)
    {
        PacketType = RTCPReportTypesEnum.PSFB;
        PayloadFeedbackMessageType = feedbackType;
    }

    public RTCPHeader(RTCPReportTypesEnum packetType, int reportCount)
    {
        PacketType = packetType;
        ReceptionReportCount = reportCount;
    }

    /// <summary>Reads the header of a packet.</summary>
    /// <exception cref="ApplicationException">The packet is shorter than a header.</exception>
    public RTCPHeader(byte[] packet) : this(packet.AsSpan())
    {
    }

    internal RTCPHeader(ReadOnlySpan<byte> packet)
    {
        if (packet.Length < HEADER_BYTES_LENGTH)
            throw new ApplicationException("The packet did not contain the minimum number of bytes for an RTCP header packet.");
        Version = packet[0] >> 6;
        PaddingFlag = packet[0] >> 5 & 1;
        PacketType = (RTCPReportTypesEnum)packet[1];
        Length = BinaryPrimitives.ReadUInt16BigEndian(packet[2..]);
        var count = packet[0] & 31;
        if (PacketType == RTCPReportTypesEnum.RTPFB)
            FeedbackMessageType = (RTCPFeedbackTypesEnum)count;
        else if (PacketType == RTCPReportTypesEnum.PSFB)
            PayloadFeedbackMessageType = (PSFBFeedbackTypesEnum)count;
        else
            ReceptionReportCount = count;
    }

    public int Version { get; } = RTCP_VERSION;
    public int PaddingFlag { get; }
    public int ReceptionReportCount { get; private set; }
    public RTCPReportTypesEnum PacketType { get; }
    /// <summary>The packet's length in 32-bit words, less one.</summary>
    public ushort Length { get; private set; }
    public RTCPFeedbackTypesEnum FeedbackMessageType { get; }
    public PSFBFeedbackTypesEnum PayloadFeedbackMessageType { get; }

    public bool IsFeedbackReport() => PacketType is RTCPReportTypesEnum.RTPFB or RTCPReportTypesEnum.PSFB;

    public static RTCPFeedbackTypesEnum ParseFeedbackType(byte[] packet) =>
        packet.Length < HEADER_BYTES_LENGTH
            ? throw new ApplicationException("The packet did not contain the minimum number of bytes for an RTCP header packet.")
            : (RTCPFeedbackTypesEnum)(packet[0] & 31);

    public byte[] GetHeader(int receptionReportCount, ushort length)
    {
        if (receptionReportCount > MAX_RECEPTIONREPORT_COUNT)
            throw new ApplicationException("An RTCP packet holds at most 32 reception reports.");
        ReceptionReportCount = receptionReportCount;
        Length = length;
        return GetBytes();
    }

    public void SetLength(ushort length) => Length = length;

    public byte[] GetBytes()
    {
        var bytes = new byte[HEADER_BYTES_LENGTH];
        Write(bytes);
        return bytes;
    }

    internal void Write(Span<byte> bytes)
    {
        var count = PacketType switch
        {
            RTCPReportTypesEnum.RTPFB => (int)FeedbackMessageType,
            RTCPReportTypesEnum.PSFB => (int)PayloadFeedbackMessageType,
            _ => ReceptionReportCount,
        };
        bytes[0] = (byte)(Version << 6 | PaddingFlag << 5 | (count & 31));
        bytes[1] = (byte)PacketType;
        BinaryPrimitives.WriteUInt16BigEndian(bytes[2..], Length);
    }
}
