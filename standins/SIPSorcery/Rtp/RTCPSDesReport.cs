using System.Buffers.Binary;
using System.Text;

namespace SIPSorcery.Net;

/// <summary>A source description with its canonical name, the one item that RTCP demands.</summary>
public class RTCPSDesReport
{
    public const int PACKET_SIZE_WITHOUT_CNAME = 6;
    public const int MAX_CNAME_BYTES = 255;
    public const byte CNAME_ID = 0x01;
    public const int MIN_PACKET_SIZE = RTCPHeader.HEADER_BYTES_LENGTH + PACKET_SIZE_WITHOUT_CNAME;

    public RTCPHeader Header;

    public RTCPSDesReport(uint ssrc, string cname)
    {
        if (string.IsNullOrEmpty(cname))
            throw new ArgumentNullException(nameof(cname));
        Header = new RTCPHeader(RTCPReportTypesEnum.SDES, 1);
        SSRC = ssrc;
        CNAME = cname.Length > MAX_CNAME_BYTES ? cname[..MAX_CNAME_BYTES] : cname;
        while (Encoding.UTF8.GetByteCount(CNAME) > MAX_CNAME_BYTES)
            CNAME = CNAME[..^1];
    }

    /// <summary>Reads the first chunk of a source description.</summary>
    /// <exception cref="ApplicationException">The packet is too short.</exception>
    public RTCPSDesReport(byte[] packet) : this(packet.AsSpan())
    {
    }

    internal RTCPSDesReport(ReadOnlySpan<byte> packet)
    {
        if (packet.Length < MIN_PACKET_SIZE)
            throw new ApplicationException("The packet is too short for an RTCP source description.");
        Header = new RTCPHeader(packet);
        SSRC = BinaryPrimitives.ReadUInt32BigEndian(packet[4..]);
        CNAME = "";
        var items = packet[8..];
        for (; items.Length >= 2 && items[0] != 0 && items.Length >= 2 + items[1]; items = items[(2 + items[1])..])
        {
            if (items[0] != CNAME_ID)
                continue;
            CNAME = Encoding.UTF8.GetString(items.Slice(2, items[1]));
            break;
        }
    }

    public uint SSRC { get; private set; }
    public string CNAME { get; private set; }

    public byte[] GetBytes()
    {
        var name = Encoding.UTF8.GetBytes(CNAME);
        // The chunk ends with at least one null and is padded to whole words.
        var bytes = new byte[(MIN_PACKET_SIZE + name.Length + 1 + 3) & ~3];
        Header.GetHeader(1, (ushort)(bytes.Length / 4 - 1)).CopyTo(bytes, 0);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(4), SSRC);
        bytes[8] = CNAME_ID;
        bytes[9] = (byte)name.Length;
        name.CopyTo(bytes, 10);
        return bytes;
    }
}
