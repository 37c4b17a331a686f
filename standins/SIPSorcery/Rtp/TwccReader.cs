using System.Buffers.Binary;

namespace SIPSorcery.Net;

/// <summary>Walks the packet statuses of a transport-wide feedback packet without allocating.</summary>
internal ref struct TwccReader
{
    public const int FixedSize = 20;
    public const int TickMicros = 250;
    public const int ReferenceMicros = 64_000;

    ReadOnlySpan<byte> _chunks;
    ReadOnlySpan<byte> _deltas;
    int _chunk;
    int _leftInChunk;
    int _index;

    public ushort BaseSequence { get; private set; }
    public ushort StatusCount { get; private set; }
    /// <summary>24 bits, in units of 64 ms.</summary>
    public uint ReferenceTime { get; private set; }
    public ushort Sequence { get; private set; }
    public TWCCPacketStatusType Status { get; private set; }
    public int DeltaTicks { get; private set; }
    public bool Failed { get; private set; }
    public readonly bool Received => Status is TWCCPacketStatusType.ReceivedSmallDelta or TWCCPacketStatusType.ReceivedLargeDelta;

    /// <summary>Opens a whole RTCP packet, its header included. The chunks are checked before the first status is read.</summary>
    public static bool TryOpen(ReadOnlySpan<byte> packet, out TwccReader reader)
    {
        reader = default;
        if (packet.Length < FixedSize)
            return false;
        reader.BaseSequence = BinaryPrimitives.ReadUInt16BigEndian(packet[12..]);
        reader.StatusCount = BinaryPrimitives.ReadUInt16BigEndian(packet[14..]);
        reader.ReferenceTime = BinaryPrimitives.ReadUInt32BigEndian(packet[16..]) >> 8;

        // The deltas begin where the chunks end, so the chunks are counted first.
        var body = packet[FixedSize..];
        var (covered, chunks) = (0, 0);
        while (covered < reader.StatusCount)
        {
            if (body.Length < 2 * chunks + 2)
                return false;
            var symbols = SymbolsIn(BinaryPrimitives.ReadUInt16BigEndian(body[(2 * chunks)..]));
            if (symbols == 0)
                return false;
            covered += symbols;
            chunks++;
        }
        reader._chunks = body[..(2 * chunks)];
        reader._deltas = body[(2 * chunks)..];
        return true;
    }

    public bool MoveNext()
    {
        if (_index == StatusCount || Failed)
            return false;
        if (_leftInChunk == 0)
        {
            _chunk = BinaryPrimitives.ReadUInt16BigEndian(_chunks);
            _chunks = _chunks[2..];
            _leftInChunk = SymbolsIn(_chunk);
        }
        _leftInChunk--;
        Status = (TWCCPacketStatusType)(_chunk < 0x8000 ? _chunk >> 13 & 3
            : (_chunk & 0x4000) == 0 ? _chunk >> _leftInChunk & 1
            : _chunk >> 2 * _leftInChunk & 3);
        Sequence = (ushort)(BaseSequence + _index++);

        DeltaTicks = 0;
        var size = Received ? (int)Status : 0; // a small delta takes one byte, a large one two
        if (_deltas.Length < size)
        {
            Failed = true;
            return false;
        }
        if (size > 0)
        {
            DeltaTicks = size == 1 ? _deltas[0] : BinaryPrimitives.ReadInt16BigEndian(_deltas);
            _deltas = _deltas[size..];
        }
        return true;
    }

    static int SymbolsIn(int chunk) => chunk < 0x8000 ? chunk & 0x1FFF : (chunk & 0x4000) == 0 ? 14 : 7;
}
