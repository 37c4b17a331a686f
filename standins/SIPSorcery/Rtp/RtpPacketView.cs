using System.Buffers.Binary;

namespace SIPSorcery.Net;

/// <summary>Where the parts of an RTP packet are. Reading one allocates nothing; every offset is inside the packet.</summary>
internal readonly struct RtpPacketView
{
    public byte PayloadType { get; private init; }
    public bool Marker { get; private init; }
    public ushort SequenceNumber { get; private init; }
    public uint Timestamp { get; private init; }
    public uint Ssrc { get; private init; }
    public ushort ExtensionProfile { get; private init; }
    public int ExtensionOffset { get; private init; }
    public int ExtensionLength { get; private init; }
    public int PayloadOffset { get; private init; }
    /// <summary>Without padding.</summary>
    public int PayloadLength { get; private init; }

    public ReadOnlySpan<byte> Payload(ReadOnlySpan<byte> packet) => packet.Slice(PayloadOffset, PayloadLength);

    public static bool TryParse(ReadOnlySpan<byte> packet, out RtpPacketView view)
    {
        view = default;
        if (!TryMeasureHeader(packet, out var headerLength, out var extensionOffset))
            return false;

        var payloadLength = packet.Length - headerLength;
        if ((packet[0] & 0x20) != 0)
        {
            var padding = packet[^1];
            if (padding == 0 || padding > payloadLength)
                return false;
            payloadLength -= padding;
        }

        view = new RtpPacketView
        {
            PayloadType = (byte)(packet[1] & 0x7F),
            Marker = packet[1] >= 0x80,
            SequenceNumber = BinaryPrimitives.ReadUInt16BigEndian(packet[2..]),
            Timestamp = BinaryPrimitives.ReadUInt32BigEndian(packet[4..]),
            Ssrc = BinaryPrimitives.ReadUInt32BigEndian(packet[8..]),
            ExtensionProfile = extensionOffset == 0 ? (ushort)0
                : BinaryPrimitives.ReadUInt16BigEndian(packet[(extensionOffset - 4)..]),
            ExtensionOffset = extensionOffset,
            ExtensionLength = extensionOffset == 0 ? 0 : headerLength - extensionOffset,
            PayloadOffset = headerLength,
            PayloadLength = payloadLength,
        };
        return true;
    }

    /// <summary>
    /// Checks the version and finds where the payload begins: all that SRTP may read before the packet is proved.
    /// </summary>
    public static bool TryMeasureHeader(ReadOnlySpan<byte> packet, out int headerLength, out int extensionOffset)
    {
        headerLength = 0;
        extensionOffset = 0;
        if (packet.Length < RTPHeader.MIN_HEADER_LEN || packet[0] >> 6 != RTPHeader.RTP_VERSION)
            return false;
        var length = RTPHeader.MIN_HEADER_LEN + 4 * (packet[0] & 15);
        if ((packet[0] & 0x10) != 0)
        {
            if (packet.Length < length + 4)
                return false;
            extensionOffset = length + 4;
            length = extensionOffset + 4 * BinaryPrimitives.ReadUInt16BigEndian(packet[(length + 2)..]);
        }
        headerLength = length;
        return length <= packet.Length;
    }

    /// <summary>Finds a header extension element by its negotiated id. Id 0 means "not negotiated".</summary>
    public bool TryGetExtension(ReadOnlySpan<byte> packet, byte id, out ReadOnlySpan<byte> data)
    {
        data = default;
        if (id == 0 || ExtensionLength == 0)
            return false;
        var elements = new RtpExtensionElements(ExtensionProfile, packet.Slice(ExtensionOffset, ExtensionLength));
        while (elements.MoveNext())
        {
            if (elements.Id != id)
                continue;
            data = elements.Data;
            return true;
        }
        return false;
    }
}
