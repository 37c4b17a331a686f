using System.Buffers.Binary;
using System.Text;

namespace SIPSorcery.Net;

/// <summary>A header written once per stream; a packet copies it and fills in what changes.</summary>
internal sealed class RtpHeaderTemplate
{
    const int LargestOneByteId = 14;

    readonly byte[] _bytes;
    readonly int _absSendTime;
    readonly int _transportSequence;

    public RtpHeaderTemplate(uint ssrc, in RtpExtensionIds ids, string? mid)
    {
        var elements = new List<byte>();
        var (absSendTime, transportSequence) = (0, 0);
        var largest = Math.Max(Math.Max(ids.Mid, ids.PlayoutDelay), Math.Max(ids.AbsSendTime, ids.TransportSequence));
        var twoBytes = largest > LargestOneByteId || mid?.Length > 16;
        if (ids.AbsSendTime != 0)
            absSendTime = Reserve(ids.AbsSendTime, [0, 0, 0]);
        if (ids.TransportSequence != 0)
            transportSequence = Reserve(ids.TransportSequence, [0, 0]);
        // At least and at most nothing: a picture is to be shown as soon as it is there.
        if (ids.PlayoutDelay != 0)
            Reserve(ids.PlayoutDelay, [0, 0, 0]);
        if (ids.Mid != 0 && !string.IsNullOrEmpty(mid))
            Reserve(ids.Mid, Encoding.UTF8.GetBytes(mid));

        if (elements.Count == 0)
        {
            _bytes = new byte[RTPHeader.MIN_HEADER_LEN];
            _bytes[0] = RTPHeader.RTP_VERSION << 6;
        }
        else
        {
            while (elements.Count % 4 != 0)
                elements.Add(0);
            const int start = RTPHeader.MIN_HEADER_LEN + 4;
            _bytes = new byte[start + elements.Count];
            _bytes[0] = RTPHeader.RTP_VERSION << 6 | 0x10;
            var profile = twoBytes ? RTPHeader.TWO_BYTE_EXTENSION_PROFILE : RTPHeader.ONE_BYTE_EXTENSION_PROFILE;
            BinaryPrimitives.WriteUInt16BigEndian(_bytes.AsSpan(12), (ushort)profile);
            BinaryPrimitives.WriteUInt16BigEndian(_bytes.AsSpan(14), (ushort)(elements.Count / 4));
            elements.CopyTo(_bytes, start);
            _absSendTime = absSendTime == 0 ? 0 : start + absSendTime;
            _transportSequence = transportSequence == 0 ? 0 : start + transportSequence;
        }
        BinaryPrimitives.WriteUInt32BigEndian(_bytes.AsSpan(8), ssrc);

        int Reserve(byte id, ReadOnlySpan<byte> data)
        {
            if (twoBytes)
                elements.AddRange([id, (byte)data.Length]);
            else
                elements.Add((byte)(id << 4 | data.Length - 1));
            var offset = elements.Count;
            elements.AddRange(data);
            return offset;
        }
    }

    public int Length => _bytes.Length;

    public void Write(
        Span<byte> packet, byte payloadType, bool marker, ushort sequence, uint timestamp, uint absSendTime,
        ushort transportSequence)
    {
        _bytes.CopyTo(packet);
        packet[1] = (byte)(payloadType | (marker ? 0x80 : 0));
        BinaryPrimitives.WriteUInt16BigEndian(packet[2..], sequence);
        BinaryPrimitives.WriteUInt32BigEndian(packet[4..], timestamp);
        if (_absSendTime != 0)
        {
            packet[_absSendTime] = (byte)(absSendTime >> 16);
            BinaryPrimitives.WriteUInt16BigEndian(packet[(_absSendTime + 1)..], (ushort)absSendTime);
        }
        if (_transportSequence != 0)
            BinaryPrimitives.WriteUInt16BigEndian(packet[_transportSequence..], transportSequence);
    }
}
