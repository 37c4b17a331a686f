using System.Buffers.Binary;
using System.Text;

namespace SIPSorcery.Net.Sctp;

/// <summary>The messages that open a data channel (RFC 8832), and the payload protocols beside them (RFC 8831).</summary>
internal static class Dcep
{
    public const uint Control = 50;
    public const uint Text = 51;
    public const uint BinaryPartial = 52;
    public const uint Binary = 53;
    public const uint TextPartial = 54;
    public const uint EmptyText = 56;
    public const uint EmptyBinary = 57;
    private const byte OpenType = 3;
    private const byte AckType = 2;
    private const byte Retransmits = 1;
    private const byte Lifetime = 2;
    private const byte Unordered = 0x80;
    private const int HeaderSize = 12;

    public static ReadOnlySpan<byte> Ack => [AckType];

    public static bool IsAck(ReadOnlySpan<byte> message) => message is [AckType, ..];

    public static bool IsOpen(ReadOnlySpan<byte> message) => message is [OpenType, ..];

    public static byte[] WriteOpen(DataChannelSettings settings)
    {
        var label = Encoding.UTF8.GetBytes(settings.Label);
        var protocol = Encoding.UTF8.GetBytes(settings.Protocol);
        var message = new byte[HeaderSize + label.Length + protocol.Length];
        message[0] = OpenType;
        message[1] = settings switch
        {
            { MaxRetransmits: not null } => Retransmits,
            { MaxPacketLifeTime: not null } => Lifetime,
            _ => 0,
        };
        if (!settings.Ordered)
            message[1] |= Unordered;
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(2), settings.Priority);
        BinaryPrimitives.WriteUInt32BigEndian(message.AsSpan(4), settings.MaxRetransmits ?? settings.MaxPacketLifeTime ?? 0u);
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(8), (ushort)label.Length);
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(10), (ushort)protocol.Length);
        label.CopyTo(message, HeaderSize);
        protocol.CopyTo(message, HeaderSize + label.Length);
        return message;
    }

    /// <summary>Reads an OPEN; null when it is malformed or of an unknown channel type.</summary>
    public static DataChannelSettings? ReadOpen(ReadOnlySpan<byte> message, ushort stream)
    {
        if (message.Length < HeaderSize || message[0] != OpenType)
            return null;
        int labelLength = BinaryPrimitives.ReadUInt16BigEndian(message[8..]);
        int protocolLength = BinaryPrimitives.ReadUInt16BigEndian(message[10..]);
        if (message.Length < HeaderSize + labelLength + protocolLength)
            return null;
        var kind = message[1] & ~Unordered;
        if (kind > Lifetime)
            return null;
        var limit = (ushort)Math.Min(ushort.MaxValue, BinaryPrimitives.ReadUInt32BigEndian(message[4..]));
        return new DataChannelSettings
        {
            Label = Encoding.UTF8.GetString(message.Slice(HeaderSize, labelLength)),
            Protocol = Encoding.UTF8.GetString(message.Slice(HeaderSize + labelLength, protocolLength)),
            Ordered = (message[1] & Unordered) == 0,
            MaxRetransmits = kind == Retransmits ? limit : null,
            MaxPacketLifeTime = kind == Lifetime ? limit : null,
            Priority = BinaryPrimitives.ReadUInt16BigEndian(message[2..]),
            Id = stream,
        };
    }
}
