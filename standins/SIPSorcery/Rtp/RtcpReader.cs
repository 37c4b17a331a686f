using System.Buffers.Binary;

namespace SIPSorcery.Net;

/// <summary>Walks the packets of an RTCP datagram and stops at the first malformed one.</summary>
internal ref struct RtcpReader(ReadOnlySpan<byte> datagram)
{
    readonly ReadOnlySpan<byte> _datagram = datagram;

    /// <summary>The current packet with its header, without padding.</summary>
    public ReadOnlySpan<byte> Packet { get; private set; }
    public RTCPReportTypesEnum Type { get; private set; }
    /// <summary>Report count, or feedback message type.</summary>
    public int Count { get; private set; }
    public int Consumed { get; private set; }

    public bool MoveNext()
    {
        var rest = _datagram[Consumed..];
        if (rest.Length < RTCPHeader.HEADER_BYTES_LENGTH || rest[0] >> 6 != RTCPHeader.RTCP_VERSION)
            return false;
        var length = 4 * (BinaryPrimitives.ReadUInt16BigEndian(rest[2..]) + 1);
        if (length > rest.Length)
            return false;
        Type = (RTCPReportTypesEnum)rest[1];
        Count = rest[0] & 31;
        Packet = rest[..length];
        if ((rest[0] & 0x20) != 0)
        {
            var padding = rest[length - 1];
            if (padding == 0 || padding > length - RTCPHeader.HEADER_BYTES_LENGTH)
                return false;
            Packet = rest[..(length - padding)];
        }
        Consumed += length;
        return true;
    }
}
