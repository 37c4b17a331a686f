using System.Buffers.Binary;
using System.Text;

namespace SIPSorcery.Net;

/// <summary>Writes the packets of one RTCP datagram, one behind the other.</summary>
internal ref struct RtcpWriter(Span<byte> datagram)
{
    readonly Span<byte> _datagram = datagram;

    public int Length { get; private set; }
    public readonly int Room => _datagram.Length - Length;
    public readonly ReadOnlySpan<byte> Written => _datagram[..Length];

    /// <summary>Begins a packet of a known size; returns what follows its header and first SSRC.</summary>
    public Span<byte> Begin(RTCPReportTypesEnum type, int count, int size, uint ssrc)
    {
        var packet = _datagram.Slice(Length, size);
        packet[0] = (byte)(RTCPHeader.RTCP_VERSION << 6 | count);
        packet[1] = (byte)type;
        BinaryPrimitives.WriteUInt16BigEndian(packet[2..], (ushort)(size / 4 - 1));
        BinaryPrimitives.WriteUInt32BigEndian(packet[4..], ssrc);
        Length += size;
        return packet[8..];
    }

    public void EmptyReport(uint sender) => Begin(RTCPReportTypesEnum.RR, 0, 8, sender);

    public void Description(uint ssrc, string cname)
    {
        var name = Encoding.UTF8.GetByteCount(cname);
        var body = Begin(RTCPReportTypesEnum.SDES, 1, 8 + (2 + name + 1 + 3 & ~3), ssrc);
        body.Clear();
        body[0] = RTCPSDesReport.CNAME_ID;
        body[1] = (byte)name;
        Encoding.UTF8.GetBytes(cname, body[2..]);
    }

    /// <summary>A generic NACK for sequence numbers in order; returns how many of them had room.</summary>
    public int Nack(uint sender, uint media, ReadOnlySpan<ushort> sequences)
    {
        var start = Length;
        var body = Begin(RTCPReportTypesEnum.RTPFB, (int)RTCPFeedbackTypesEnum.NACK, 12, sender);
        BinaryPrimitives.WriteUInt32BigEndian(body, media);
        var taken = 0;
        while (taken < sequences.Length && Room >= 4)
        {
            var first = sequences[taken++];
            var following = 0;
            for (; taken < sequences.Length && (ushort)(sequences[taken] - first) is >= 1 and <= 16; taken++)
                following |= 1 << (ushort)(sequences[taken] - first) - 1;
            BinaryPrimitives.WriteUInt16BigEndian(_datagram[Length..], first);
            BinaryPrimitives.WriteUInt16BigEndian(_datagram[(Length + 2)..], (ushort)following);
            Length += 4;
        }
        BinaryPrimitives.WriteUInt16BigEndian(_datagram[(start + 2)..], (ushort)((Length - start) / 4 - 1));
        return taken;
    }

    public void PictureLoss(uint sender, uint media)
    {
        var body = Begin(RTCPReportTypesEnum.PSFB, (int)PSFBFeedbackTypesEnum.PLI, 12, sender);
        BinaryPrimitives.WriteUInt32BigEndian(body, media);
    }

    public void FullIntra(uint sender, uint media, byte command)
    {
        var body = Begin(RTCPReportTypesEnum.PSFB, (int)PSFBFeedbackTypesEnum.FIR, 20, sender);
        body[..12].Clear();
        BinaryPrimitives.WriteUInt32BigEndian(body[4..], media);
        body[8] = command;
    }

    public void Remb(uint sender, uint media, long bitsPerSecond)
    {
        var body = Begin(RTCPReportTypesEnum.PSFB, (int)PSFBFeedbackTypesEnum.AFB, 24, sender);
        body[..4].Clear();
        "REMB"u8.CopyTo(body[4..]);
        var (exponent, mantissa) = RTCPFeedback.EncodeBitrate((ulong)bitsPerSecond);
        body[8] = 1;
        body[9] = (byte)(exponent << 2 | (int)(mantissa >> 16));
        BinaryPrimitives.WriteUInt16BigEndian(body[10..], (ushort)mantissa);
        BinaryPrimitives.WriteUInt32BigEndian(body[12..], media);
    }

    public void Bye(uint ssrc) => Begin(RTCPReportTypesEnum.BYE, 1, 8, ssrc);

    public void Append(ReadOnlySpan<byte> packets)
    {
        packets.CopyTo(_datagram[Length..]);
        Length += packets.Length;
    }
}
