using System.Buffers.Binary;

namespace SIPSorcery.Net;

/// <summary>Transport-wide congestion control feedback (draft-holmer-rmcat-transport-wide-cc-extensions).</summary>
public class RTCPTWCCFeedback
{
    /// <summary>Reads a feedback packet.</summary>
    /// <exception cref="ArgumentException">The packet is malformed.</exception>
    public RTCPTWCCFeedback(byte[] packet) : this(packet.AsSpan())
    {
    }

    internal RTCPTWCCFeedback(ReadOnlySpan<byte> packet)
    {
        if (!TwccReader.TryOpen(packet, out var reader))
            throw new ArgumentException("The packet is not well-formed transport-wide feedback.", nameof(packet));
        Header = new RTCPHeader(packet);
        SenderSSRC = BinaryPrimitives.ReadUInt32BigEndian(packet[4..]);
        MediaSSRC = BinaryPrimitives.ReadUInt32BigEndian(packet[8..]);
        BaseSequenceNumber = reader.BaseSequence;
        PacketStatusCount = reader.StatusCount;
        ReferenceTime = reader.ReferenceTime;
        FeedbackPacketCount = packet[19];
        while (reader.MoveNext())
        {
            PacketStatuses.Add(new TWCCPacketStatus
            {
                SequenceNumber = reader.Sequence,
                Status = reader.Status,
                Delta = reader.Received ? reader.DeltaTicks * DeltaScale : null,
            });
        }
        if (reader.Failed)
            throw new ArgumentException("The packet is not well-formed transport-wide feedback.", nameof(packet));
    }

    public RTCPHeader Header { get; private set; }
    public uint SenderSSRC { get; private set; }
    public uint MediaSSRC { get; private set; }
    public ushort BaseSequenceNumber { get; private set; }
    public ushort PacketStatusCount { get; private set; }
    /// <summary>In units of 64 ms.</summary>
    public uint ReferenceTime { get; private set; }
    public byte FeedbackPacketCount { get; private set; }
    public List<TWCCPacketStatus> PacketStatuses { get; private set; } = [];
    /// <summary>Microseconds in one unit of a delta on the wire.</summary>
    public int DeltaScale { get; set; } = 250;

    public byte[] GetBytes()
    {
        var deltas = 0;
        foreach (var status in PacketStatuses)
            deltas += status.Status == TWCCPacketStatusType.ReceivedSmallDelta ? 1
                : status.Status == TWCCPacketStatusType.ReceivedLargeDelta ? 2 : 0;
        var chunks = (PacketStatuses.Count + 6) / 7;
        var used = TwccReader.FixedSize + 2 * chunks + deltas;
        var bytes = new byte[(used + 3) & ~3];
        Header.SetLength((ushort)(bytes.Length / 4 - 1));
        Header.Write(bytes);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(4), SenderSSRC);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(8), MediaSSRC);
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(12), BaseSequenceNumber);
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(14), (ushort)PacketStatuses.Count);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(16), ReferenceTime << 8 | FeedbackPacketCount);

        var offset = TwccReader.FixedSize;
        for (var first = 0; first < PacketStatuses.Count; first += 7, offset += 2)
        {
            var chunk = 0xC000; // a vector of seven two-bit symbols
            for (var i = 0; i < 7 && first + i < PacketStatuses.Count; i++)
                chunk |= ((int)PacketStatuses[first + i].Status & 3) << (12 - 2 * i);
            BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(offset), (ushort)chunk);
        }
        foreach (var status in PacketStatuses)
        {
            var ticks = (status.Delta ?? 0) / DeltaScale;
            if (status.Status == TWCCPacketStatusType.ReceivedSmallDelta)
                bytes[offset++] = (byte)Math.Clamp(ticks, 0, 255);
            else if (status.Status == TWCCPacketStatusType.ReceivedLargeDelta)
            {
                var large = (short)Math.Clamp(ticks, short.MinValue, short.MaxValue);
                BinaryPrimitives.WriteInt16BigEndian(bytes.AsSpan(offset), large);
                offset += 2;
            }
        }
        return bytes;
    }

    public override string ToString() =>
        $"TWCC Feedback: SenderSSRC={SenderSSRC}, MediaSSRC={MediaSSRC}, BaseSeq={BaseSequenceNumber}, "
        + $"StatusCount={PacketStatusCount}, RefTime={ReferenceTime}, FbkPktCount={FeedbackPacketCount}";
}
