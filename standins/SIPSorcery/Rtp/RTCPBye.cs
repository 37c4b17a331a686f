using System.Buffers.Binary;
using System.Text;

namespace SIPSorcery.Net;

/// <summary>Says that a source sends no more.</summary>
public class RTCPBye
{
    public const int MAX_REASON_BYTES = 255;
    public const int SSRC_SIZE = 4;
    public const int MIN_PACKET_SIZE = RTCPHeader.HEADER_BYTES_LENGTH + SSRC_SIZE;

    public RTCPHeader Header;

    public RTCPBye(uint ssrc, string? reason)
    {
        Header = new RTCPHeader(RTCPReportTypesEnum.BYE, 1);
        SSRC = ssrc;
        if (reason is null)
            return;
        Reason = reason.Length > MAX_REASON_BYTES ? reason[..MAX_REASON_BYTES] : reason;
        while (Encoding.UTF8.GetByteCount(Reason) > MAX_REASON_BYTES)
            Reason = Reason[..^1];
    }

    /// <summary>Reads a BYE packet.</summary>
    /// <exception cref="ApplicationException">The packet is too short.</exception>
    public RTCPBye(byte[] packet) : this(packet.AsSpan())
    {
    }

    internal RTCPBye(ReadOnlySpan<byte> packet)
    {
        if (packet.Length < MIN_PACKET_SIZE)
            throw new ApplicationException("The packet is too short for an RTCP goodbye.");
        Header = new RTCPHeader(packet);
        SSRC = BinaryPrimitives.ReadUInt32BigEndian(packet[4..]);
        var offset = RTCPHeader.HEADER_BYTES_LENGTH + SSRC_SIZE * Math.Max(1, Header.ReceptionReportCount);
        if (packet.Length > offset && packet[offset] > 0 && packet.Length > offset + packet[offset])
            Reason = Encoding.UTF8.GetString(packet.Slice(offset + 1, packet[offset]));
    }

    public uint SSRC { get; private set; }
    public string? Reason { get; private set; }

    public byte[] GetBytes()
    {
        var reason = Reason is null ? [] : Encoding.UTF8.GetBytes(Reason);
        var bytes = new byte[MIN_PACKET_SIZE + (reason.Length == 0 ? 0 : (reason.Length + 1 + 3) & ~3)];
        Header.GetHeader(1, (ushort)(bytes.Length / 4 - 1)).CopyTo(bytes, 0);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(4), SSRC);
        if (reason.Length > 0)
        {
            bytes[MIN_PACKET_SIZE] = (byte)reason.Length;
            reason.CopyTo(bytes, MIN_PACKET_SIZE + 1);
        }
        return bytes;
    }
}
