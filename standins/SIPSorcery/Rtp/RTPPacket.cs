namespace SIPSorcery.Net;

/// <summary>An RTP packet: header and payload.</summary>
public class RTPPacket
{
    public RTPHeader Header;

    readonly int _protectionLength;
    readonly ArraySegment<byte> _segment = ArraySegment<byte>.Empty;
    byte[]? _payload;

    /// <summary>The payload, without padding.</summary>
    public byte[] Payload
    {
        get => _payload!;
        set => _payload = value;
    }

    /// <summary>Creates a packet with a fresh header and no payload.</summary>
    public RTPPacket() => Header = new RTPHeader();

    /// <summary>Creates a packet with a fresh header and room for a payload.</summary>
    public RTPPacket(int payloadSize)
    {
        Header = new RTPHeader();
        _payload = new byte[payloadSize];
    }

    /// <summary>Reads a whole packet.</summary>
    /// <exception cref="ApplicationException">The packet is not RTP.</exception>
    public RTPPacket(byte[] packet)
    {
        Header = new RTPHeader(packet);
        _payload = packet.AsSpan(Header.Length, Header.PayloadSize).ToArray();
    }

    /// <summary>Creates a packet around a payload, leaving room behind it for what SRTP appends.</summary>
    public RTPPacket(ArraySegment<byte> packet, int srtpProtectionLength)
    {
        Header = new RTPHeader();
        _segment = packet;
        _protectionLength = srtpProtectionLength;
    }

    internal RTPPacket(in RtpPacketView view, ReadOnlySpan<byte> packet)
    {
        Header = new RTPHeader(view, packet);
        _payload = view.Payload(packet).ToArray();
    }

    public uint GetPayloadLength() => (uint)(_payload?.Length ?? _segment.Count);

    public byte[] GetPayloadBytes() => _payload ??= _segment.ToArray();

    public byte GetPayloadByteAt(int index) => _payload is { } payload ? payload[index] : _segment[index];

    public ArraySegment<byte> GetPayloadSegment(int offset, int length) =>
        _payload is { } payload ? new ArraySegment<byte>(payload, offset, length) : _segment.Slice(offset, length);

    /// <summary>Serialises the packet.</summary>
    public byte[] GetBytes()
    {
        var payload = _payload ?? _segment.AsSpan();
        var header = Header.GetBytes();
        var bytes = new byte[header.Length + payload.Length + _protectionLength];
        header.CopyTo(bytes, 0);
        payload.CopyTo(bytes.AsSpan(header.Length));
        return bytes;
    }

    /// <summary>Reads a packet into an existing object, without throwing.</summary>
    public static bool TryParse(ReadOnlySpan<byte> buffer, RTPPacket packet, out int consumed)
    {
        consumed = 0;
        if (!RtpPacketView.TryParse(buffer, out var view))
            return false;
        packet.Header = new RTPHeader(view, buffer);
        packet._payload = view.Payload(buffer).ToArray();
        consumed = view.PayloadOffset + view.PayloadLength;
        return true;
    }

    /// <summary>Reads a packet, without throwing.</summary>
    public static bool TryParse(ReadOnlySpan<byte> buffer, out RTPPacket packet, out int consumed)
    {
        packet = new RTPPacket();
        return TryParse(buffer, packet, out consumed);
    }
}
