using System.Buffers.Binary;

namespace SIPSorcery.Net;

/// <summary>Remembers when packets with a transport-wide sequence number arrived, and writes the feedback about them.</summary>
internal sealed class TwccRecorder
{
    const int Capacity = 2048;
    const int MaxPerFeedback = 400;
    const int MaxDelta = 0x7FFF;

    readonly long[] _arrivals = new long[Capacity]; // 0 stands for "not here"
    long _first = -1; // the first that no feedback has covered
    long _highest;
    byte _count;

    public bool HasNews => _first >= 0 && _first <= _highest;

    public void OnPacket(ushort sequence, long now)
    {
        now = Math.Max(now, 1);
        if (_first < 0)
        {
            _first = _highest = 0x10000 | sequence;
            _arrivals[_first % Capacity] = now;
            return;
        }
        var index = _highest + (short)(sequence - (ushort)_highest);
        if (index < _first)
            return; // Reported as lost already.
        if (index - _highest >= Capacity)
        {
            Array.Clear(_arrivals);
            _first = _highest = index;
        }
        for (; _highest < index; _highest++)
        {
            if (_highest + 1 - _first >= Capacity)
                _arrivals[_first++ % Capacity] = 0;
        }
        ref var arrival = ref _arrivals[index % Capacity];
        if (arrival == 0)
            arrival = now;
    }

    /// <summary>Writes one feedback packet, with its RTCP header; returns its length, 0 when there is no news.</summary>
    public int WriteFeedback(Span<byte> packet, uint sender, uint media)
    {
        while (_first >= 0 && _first <= _highest && _arrivals[_first % Capacity] == 0)
            _first++;
        if (!HasNews)
            return 0;

        var start = _arrivals[_first % Capacity];
        var reference = start / TwccReader.ReferenceMicros;
        var time = reference * TwccReader.ReferenceMicros / TwccReader.TickMicros;
        Span<short> deltas = stackalloc short[MaxPerFeedback];
        Span<byte> symbols = stackalloc byte[MaxPerFeedback + 7];
        symbols.Clear();
        var count = 0;
        var received = 0;
        for (var index = _first; index <= _highest && count < MaxPerFeedback; index++)
        {
            var arrival = _arrivals[index % Capacity];
            if (arrival != 0)
            {
                var delta = arrival / TwccReader.TickMicros - time;
                if (delta is > MaxDelta or < -MaxDelta)
                    break; // Needs a reference time of its own.
                symbols[count] = (byte)(delta is >= 0 and <= 255
                    ? TWCCPacketStatusType.ReceivedSmallDelta : TWCCPacketStatusType.ReceivedLargeDelta);
                deltas[received++] = (short)delta;
                time += delta;
            }
            count++;
        }
        // What is lost at the end may still be on its way: it is for the next feedback.
        while (symbols[count - 1] == 0)
            count--;

        BinaryPrimitives.WriteUInt32BigEndian(packet[4..], sender);
        BinaryPrimitives.WriteUInt32BigEndian(packet[8..], media);
        BinaryPrimitives.WriteUInt16BigEndian(packet[12..], (ushort)_first);
        BinaryPrimitives.WriteUInt16BigEndian(packet[14..], (ushort)count);
        BinaryPrimitives.WriteUInt32BigEndian(packet[16..], (uint)reference << 8 | _count++);
        var length = WriteChunks(packet, TwccReader.FixedSize, symbols[..count]);

        var next = 0;
        for (var i = 0; i < count; i++)
        {
            if (symbols[i] == (byte)TWCCPacketStatusType.ReceivedSmallDelta)
                packet[length++] = (byte)deltas[next++];
            else if (symbols[i] == (byte)TWCCPacketStatusType.ReceivedLargeDelta)
            {
                BinaryPrimitives.WriteInt16BigEndian(packet[length..], deltas[next++]);
                length += 2;
            }
            _arrivals[(_first + i) % Capacity] = 0;
        }
        _first += count;

        var padding = -length & 3;
        if (padding > 0)
        {
            packet.Slice(length, padding).Clear();
            packet[length + padding - 1] = (byte)padding;
            length += padding;
        }
        packet[0] = (byte)(0x80 | (padding > 0 ? 0x20 : 0) | (int)RTCPFeedbackTypesEnum.TWCC);
        packet[1] = (byte)RTCPReportTypesEnum.RTPFB;
        BinaryPrimitives.WriteUInt16BigEndian(packet[2..], (ushort)(length / 4 - 1));
        return length;
    }

    static int WriteChunks(Span<byte> packet, int offset, ReadOnlySpan<byte> symbols)
    {
        while (symbols.Length > 0)
        {
            var run = symbols.IndexOfAnyExcept(symbols[0]);
            if (run < 0)
                run = symbols.Length;
            int chunk, taken;
            if (run >= 7)
            {
                (chunk, taken) = (symbols[0] << 13 | run, run);
            }
            else
            {
                chunk = 0xC000;
                taken = Math.Min(7, symbols.Length);
                for (var i = 0; i < taken; i++)
                    chunk |= symbols[i] << (12 - 2 * i);
            }
            BinaryPrimitives.WriteUInt16BigEndian(packet[offset..], (ushort)chunk);
            offset += 2;
            symbols = symbols[taken..];
        }
        return offset;
    }
}
