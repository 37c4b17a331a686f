using System.Buffers.Binary;

namespace SIPSorcery.Net;

/// <summary>The header of an RTP packet (RFC 3550, section 5.1) with its header extension block (RFC 8285).</summary>
public class RTPHeader
{
    public const int MIN_HEADER_LEN = 12;
    public const int RTP_VERSION = 2;
    public const int ONE_BYTE_EXTENSION_PROFILE = 0xBEDE;
    public const int TWO_BYTE_EXTENSION_PROFILE = 0x1000;

    public int Version = RTP_VERSION;
    public int PaddingFlag;
    public int HeaderExtensionFlag;
    public int CSRCCount;
    public int MarkerBit;
    public int PayloadType;
    public ushort SequenceNumber;
    public uint Timestamp;
    public uint SyncSource;
    public int[]? CSRCList;
    public ushort ExtensionProfile;
    /// <summary>Length of the header extension in 32-bit words.</summary>
    public ushort ExtensionLength;
    public byte[]? ExtensionPayload;

    public int PayloadSize;
    public byte PaddingCount;
    public DateTime ReceivedTime;

    /// <summary>Creates a header with random sequence number, timestamp and SSRC.</summary>
    public RTPHeader()
    {
        SequenceNumber = (ushort)Random.Shared.Next(ushort.MaxValue + 1);
        Timestamp = (uint)Random.Shared.NextInt64(1L << 32);
        SyncSource = (uint)Random.Shared.NextInt64(1L << 32);
    }

    /// <summary>Reads the header of a whole packet.</summary>
    /// <exception cref="ApplicationException">The packet is not RTP.</exception>
    public RTPHeader(byte[] packet)
    {
        if (packet.Length < MIN_HEADER_LEN)
            throw new ApplicationException("The packet did not contain the minimum number of bytes for an RTP header packet.");
        if (!RtpPacketView.TryParse(packet, out var view))
            throw new ApplicationException("The packet is not a well-formed RTP packet.");
        Load(view, packet);
    }

    internal RTPHeader(in RtpPacketView view, ReadOnlySpan<byte> packet) => Load(view, packet);

    /// <summary>The length of the header with its CSRC list and extension, in bytes.</summary>
    public int Length => MIN_HEADER_LEN + CSRCCount * 4 + (HeaderExtensionFlag == 0 ? 0 : 4 + ExtensionLength * 4);

    /// <summary>Serialises the header after setting the fields that change from packet to packet.</summary>
    public byte[] GetHeader(ushort sequenceNumber, uint timestamp, uint syncSource)
    {
        SequenceNumber = sequenceNumber;
        Timestamp = timestamp;
        SyncSource = syncSource;
        return GetBytes();
    }

    /// <summary>Serialises the header.</summary>
    public byte[] GetBytes()
    {
        var bytes = new byte[Length];
        bytes[0] = (byte)((Version & 3) << 6 | (PaddingFlag & 1) << 5 | (HeaderExtensionFlag & 1) << 4 | (CSRCCount & 15));
        bytes[1] = (byte)((MarkerBit & 1) << 7 | (PayloadType & 127));
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(2), SequenceNumber);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(4), Timestamp);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(8), SyncSource);

        for (var i = 0; i < CSRCCount && i < CSRCList?.Length; i++)
            BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(MIN_HEADER_LEN + 4 * i), CSRCList[i]);

        if (HeaderExtensionFlag == 0)
            return bytes;

        var extension = bytes.AsSpan(MIN_HEADER_LEN + 4 * CSRCCount);
        BinaryPrimitives.WriteUInt16BigEndian(extension, ExtensionProfile);
        BinaryPrimitives.WriteUInt16BigEndian(extension[2..], ExtensionLength);
        if (ExtensionPayload is { } payload)
            payload.AsSpan(0, Math.Min(payload.Length, ExtensionLength * 4)).CopyTo(extension[4..]);
        return bytes;
    }

    /// <summary>The elements of the header extension block; empty when there are none, or it is malformed.</summary>
    public List<RTPHeaderExtensionData> GetHeaderExtensions()
    {
        var found = new List<RTPHeaderExtensionData>();
        var type = ExtensionProfile == ONE_BYTE_EXTENSION_PROFILE
            ? RTPHeaderExtensionType.OneByte : RTPHeaderExtensionType.TwoByte;
        var elements = new RtpExtensionElements(ExtensionProfile, ExtensionPayload);
        while (elements.MoveNext())
            found.Add(new RTPHeaderExtensionData(elements.Id, elements.Data.ToArray(), type));
        return found;
    }

    /// <summary>Reads a header from the start of a packet, without throwing.</summary>
    public static bool TryParse(ReadOnlySpan<byte> buffer, out RTPHeader header, out int consumed)
    {
        header = new RTPHeader();
        consumed = 0;
        if (!RtpPacketView.TryParse(buffer, out var view))
            return false;
        header.Load(view, buffer);
        consumed = view.PayloadOffset;
        return true;
    }

    /// <summary>How far this header's timestamp is ahead of an earlier one, across wrap-around; 0 if that is 0.</summary>
    public uint GetTimestampDelta(uint previousTs) => previousTs == 0 ? 0 : Timestamp - previousTs;

    void Load(in RtpPacketView view, ReadOnlySpan<byte> packet)
    {
        PaddingFlag = packet[0] >> 5 & 1;
        HeaderExtensionFlag = packet[0] >> 4 & 1;
        CSRCCount = packet[0] & 15;
        MarkerBit = view.Marker ? 1 : 0;
        PayloadType = view.PayloadType;
        SequenceNumber = view.SequenceNumber;
        Timestamp = view.Timestamp;
        SyncSource = view.Ssrc;
        if (CSRCCount > 0)
        {
            CSRCList = new int[CSRCCount];
            for (var i = 0; i < CSRCCount; i++)
                CSRCList[i] = BinaryPrimitives.ReadInt32BigEndian(packet[(MIN_HEADER_LEN + 4 * i)..]);
        }
        if (HeaderExtensionFlag == 1)
        {
            ExtensionProfile = view.ExtensionProfile;
            ExtensionLength = (ushort)(view.ExtensionLength / 4);
            if (ExtensionLength > 0)
                ExtensionPayload = packet.Slice(view.ExtensionOffset, view.ExtensionLength).ToArray();
        }
        PayloadSize = view.PayloadLength;
        PaddingCount = (byte)(packet.Length - view.PayloadOffset - view.PayloadLength);
    }
}
