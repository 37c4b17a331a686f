using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace SIPSorcery.Net;

/// <summary>
/// A feedback message: NACK, PLI, FIR, REMB and those of the same shape (RFC 4585, RFC 5104, draft-alvestrand-rmcat-remb).
/// </summary>
public class RTCPFeedback
{
    const int CommonSize = 8;
    const string Remb = "REMB";

    public int SENDER_PAYLOAD_SIZE = 20;
    public int MIN_PACKET_SIZE;

    public RTCPHeader Header;
    public uint SenderSSRC;
    public uint MediaSSRC;
    /// <summary>NACK: the sequence number of a lost packet.</summary>
    public ushort PID;
    /// <summary>NACK: one bit for each of the 16 packets after it.</summary>
    public ushort BLP;
    /// <summary>FIR: the command's sequence number, in the top byte.</summary>
    public uint FCI;

    public string? UniqueID;
    public byte NumSsrcs;
    public byte BitrateExp;
    public uint BitrateMantissa;
    public uint[] FeedbackSSRCs = [0];

    public RTCPFeedback(
        uint senderSsrc, uint mediaSsrc, RTCPFeedbackTypesEnum feedbackMessageType, ushort sequenceNo, ushort bitMask)
    {
        Header = new RTCPHeader(feedbackMessageType);
        SENDER_PAYLOAD_SIZE = CommonSize + 4;
        MIN_PACKET_SIZE = RTCPHeader.HEADER_BYTES_LENGTH + SENDER_PAYLOAD_SIZE;
        SenderSSRC = senderSsrc;
        MediaSSRC = mediaSsrc;
        PID = sequenceNo;
        BLP = bitMask;
    }

    /// <summary>For transport feedback without parameters.</summary>
    public RTCPFeedback(uint senderSsrc, uint mediaSsrc, RTCPFeedbackTypesEnum feedbackMessageType)
    {
        Header = new RTCPHeader(feedbackMessageType);
        SENDER_PAYLOAD_SIZE = CommonSize;
        SenderSSRC = senderSsrc;
        MediaSSRC = mediaSsrc;
    }

    /// <summary>For payload feedback, such as a picture loss indication.</summary>
    public RTCPFeedback(uint senderSsrc, uint mediaSsrc, PSFBFeedbackTypesEnum feedbackMessageType)
    {
        Header = new RTCPHeader(feedbackMessageType);
        SENDER_PAYLOAD_SIZE = CommonSize;
        SenderSSRC = senderSsrc;
        MediaSSRC = mediaSsrc;
    }

    /// <summary>Reads a feedback message.</summary>
    /// <exception cref="ApplicationException">The packet is too short.</exception>
    public RTCPFeedback(byte[] packet) : this(packet.AsSpan())
    {
    }

    internal RTCPFeedback(ReadOnlySpan<byte> packet)
    {
        Header = new RTCPHeader(packet);
        if (packet.Length < RTCPHeader.HEADER_BYTES_LENGTH + CommonSize)
            throw new ApplicationException("The packet is too short for RTCP feedback.");
        SENDER_PAYLOAD_SIZE = CommonSize;
        SenderSSRC = BinaryPrimitives.ReadUInt32BigEndian(packet[4..]);
        MediaSSRC = BinaryPrimitives.ReadUInt32BigEndian(packet[8..]);
        var information = packet[(RTCPHeader.HEADER_BYTES_LENGTH + CommonSize)..];

        if (Header.PacketType == RTCPReportTypesEnum.RTPFB && information.Length >= 4)
        {
            SENDER_PAYLOAD_SIZE = CommonSize + 4;
            PID = BinaryPrimitives.ReadUInt16BigEndian(information);
            BLP = BinaryPrimitives.ReadUInt16BigEndian(information[2..]);
        }
        else if (Header.PayloadFeedbackMessageType == PSFBFeedbackTypesEnum.FIR && information.Length >= 8)
        {
            SENDER_PAYLOAD_SIZE = CommonSize + 8;
            FeedbackSSRCs = [BinaryPrimitives.ReadUInt32BigEndian(information)];
            FCI = BinaryPrimitives.ReadUInt32BigEndian(information[4..]);
        }
        else if (Header.PayloadFeedbackMessageType == PSFBFeedbackTypesEnum.AFB && information.Length >= 4)
        {
            SENDER_PAYLOAD_SIZE = CommonSize + 4;
            UniqueID = Encoding.Latin1.GetString(information[..4]);
            if (UniqueID == Remb)
                ReadRemb(information[4..]);
        }
    }

    /// <summary>The first of the sources that the message is about.</summary>
    public uint FeedbackSSRC
    {
        get => FeedbackSSRCs is { Length: > 0 } ssrcs ? ssrcs[0] : 0;
        set
        {
            if (FeedbackSSRCs is not { Length: > 0 })
                FeedbackSSRCs = new uint[Math.Max((int)NumSsrcs, 1)];
            FeedbackSSRCs[0] = value;
        }
    }

    public byte[] GetBytes()
    {
        var isFir = Header.PayloadFeedbackMessageType == PSFBFeedbackTypesEnum.FIR;
        var isAfb = Header.PayloadFeedbackMessageType == PSFBFeedbackTypesEnum.AFB;
        var hasPid = Header.PacketType == RTCPReportTypesEnum.RTPFB
            && Header.FeedbackMessageType != RTCPFeedbackTypesEnum.RTCP_SR_REQ;
        var size = isFir ? 8 : isAfb ? 8 + 4 * NumSsrcs : hasPid ? 4 : 0;
        var bytes = new byte[RTCPHeader.HEADER_BYTES_LENGTH + CommonSize + size];
        Header.SetLength((ushort)(bytes.Length / 4 - 1));
        Header.Write(bytes);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(4), SenderSSRC);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(8), MediaSSRC);
        var information = bytes.AsSpan(12);
        if (hasPid)
        {
            BinaryPrimitives.WriteUInt16BigEndian(information, PID);
            BinaryPrimitives.WriteUInt16BigEndian(information[2..], BLP);
        }
        else if (isFir)
        {
            BinaryPrimitives.WriteUInt32BigEndian(information, FeedbackSSRC == 0 ? MediaSSRC : FeedbackSSRC);
            BinaryPrimitives.WriteUInt32BigEndian(information[4..], FCI);
        }
        else if (isAfb)
        {
            for (var i = 0; i < 4 && i < UniqueID?.Length; i++)
                information[i] = (byte)UniqueID[i];
            information[4] = NumSsrcs;
            information[5] = (byte)(BitrateExp << 2 | (int)(BitrateMantissa >> 16 & 3));
            BinaryPrimitives.WriteUInt16BigEndian(information[6..], (ushort)BitrateMantissa);
            for (var i = 0; i < NumSsrcs && i < FeedbackSSRCs.Length; i++)
                BinaryPrimitives.WriteUInt32BigEndian(information[(8 + 4 * i)..], FeedbackSSRCs[i]);
        }
        return bytes;
    }

    /// <summary>Mantissa (18 bits) and exponent (6 bits) for a bitrate, as REMB carries it.</summary>
    internal static (byte Exponent, uint Mantissa) EncodeBitrate(ulong bitrate)
    {
        var exponent = Math.Max(0, 64 - BitOperations.LeadingZeroCount(bitrate) - 18);
        return ((byte)exponent, (uint)(bitrate >> exponent));
    }

    void ReadRemb(ReadOnlySpan<byte> body)
    {
        if (body.Length < 4)
            return;
        NumSsrcs = (byte)Math.Min(body[0], (body.Length - 4) / 4);
        BitrateExp = (byte)(body[1] >> 2);
        BitrateMantissa = (uint)((body[1] & 3) << 16 | body[2] << 8 | body[3]);
        FeedbackSSRCs = new uint[NumSsrcs];
        for (var i = 0; i < NumSsrcs; i++)
            FeedbackSSRCs[i] = BinaryPrimitives.ReadUInt32BigEndian(body[(4 + 4 * i)..]);
        SENDER_PAYLOAD_SIZE = CommonSize + 8 + 4 * NumSsrcs;
    }
}
