using System.Buffers;
using System.Buffers.Binary;

namespace SIPSorcery.Net.Sctp;

/// <summary>What happened to a DATA chunk.</summary>
internal enum ChunkVerdict
{
    Taken,
    Duplicate,

    /// <summary>Outside the window, or no memory: not acknowledged, so it comes again.</summary>
    Dropped,

    /// <summary>A message larger than agreed.</summary>
    TooLarge,
}

/// <summary>
/// Puts messages together. What comes in order is appended to the one message under assembly; what comes early waits in a
/// ring indexed by TSN, where neighbouring fragments keep the extent of their run at its two ends, so that a whole message shows
/// without a search.
/// </summary>
internal sealed class ReceiveBuffer(EventQueue events, int window, int maxMessageSize)
{
    /// <summary>TSNs beyond the cumulative point that are kept at most.</summary>
    public const int MaxSpan = 16384;
    private const int MaxDuplicates = 16;
    private const int MinAssembly = 4096;
    private const int ChunkOverhead = 64;
    private readonly ChunkPool _pool = new();
    private readonly Dictionary<ushort, IncomingStream> _streams = [];
    private readonly TsnBitmap _arrived = new(MaxSpan);
    private readonly uint[] _duplicates = new uint[MaxDuplicates];
    private Slot[] _ring = new Slot[128];
    private uint _highest;
    private int _duplicateCount;
    private IncomingStream? _lastStream;

    private byte[]? _assembly;
    private int _assembled;
    private DataHeader _assembling;

    // Messages tend to be as large as the one before: one buffer of that size saves growing.
    private int _usualSize = MinAssembly;

    // Bytes in the ring, under assembly, and whole but early.
    private long _held;

    public uint CumulativeTsn { get; private set; }

    public bool HasGaps => _highest != CumulativeTsn;

    public long Held => _held + events.HeldBytes;

    public uint Window => (uint)Math.Max(0, window - Held);

    public int DuplicateCount => _duplicateCount;

    private long HardLimit => (long)window + maxMessageSize + 65536;

    public void Start(uint initialTsn)
    {
        Clear();
        CumulativeTsn = _highest = initialTsn - 1;
    }

    public ChunkVerdict Accept(uint tsn, in DataHeader header, ReadOnlySpan<byte> payload)
    {
        var distance = tsn - CumulativeTsn;
        if (distance == 0 || distance > int.MaxValue)
            return NoteDuplicate(tsn);
        if (distance >= MaxSpan)
            return ChunkVerdict.Dropped;
        if (Serial.Before(tsn, _highest + 1) && _arrived[tsn])
            return NoteDuplicate(tsn);

        // What closes a gap frees memory, so it may exceed the window somewhat; what opens one may not.
        var limit = Serial.Before(tsn, _highest) ? HardLimit : window;
        if (Held + payload.Length + ChunkOverhead > limit)
            return ChunkVerdict.Dropped;
        var verdict = ChunkVerdict.Taken;
        if (distance != 1)
        {
            Store(tsn, header, payload);
            verdict = JoinRuns(tsn);
            if (Serial.After(tsn, _highest))
                _highest = tsn;
            return verdict;
        }

        CumulativeTsn = tsn;
        if (_highest == tsn - 1)
            _highest = tsn;
        Stream(header.Stream).IsFresh = false;
        verdict = Append(header, payload);
        return Worse(verdict, DrainRing());
    }

    /// <summary>Counts a TSN as arrived whose content is of no use.</summary>
    public void AcceptNothing(uint tsn)
    {
        var distance = tsn - CumulativeTsn;
        if (distance is 0 or >= MaxSpan || (Serial.Before(tsn, _highest + 1) && _arrived[tsn]))
            return;
        while (distance >= _ring.Length)
            Grow();
        _arrived[tsn] = true;
        if (Serial.After(tsn, _highest))
            _highest = tsn;
        DrainRing();
    }

    /// <summary>
    /// Skips to a TSN the peer gave up on everything before of, with the last messages skipped on ordered streams.
    /// </summary>
    public ChunkVerdict SkipTo(uint tsn, ReadOnlySpan<byte> skippedStreams)
    {
        if (Serial.After(tsn, CumulativeTsn))
        {
            DropAssembly();
            var last = Serial.Before(_highest, tsn) ? _highest : tsn;
            for (var at = CumulativeTsn + 1; Serial.Before(at, last + 1); at++)
            {
                if (!_arrived[at])
                    continue;
                _arrived[at] = false;
                Free(ref At(at));
            }

            CumulativeTsn = tsn;
            if (Serial.Before(_highest, tsn))
                _highest = tsn;
        }

        for (var i = 0; i + 4 <= skippedStreams.Length; i += 4)
        {
            var stream = Stream(BinaryPrimitives.ReadUInt16BigEndian(skippedStreams[i..]));
            SkipMessages(stream, BinaryPrimitives.ReadUInt16BigEndian(skippedStreams[(i + 2)..]));
        }

        return DrainRing();
    }

    /// <summary>Begins a stream anew; false when nothing had come on it.</summary>
    public bool Reset(ushort id)
    {
        var stream = Stream(id);
        if (stream.IsFresh)
            return false;
        stream.IsFresh = true;
        stream.NextSequence = 0;
        if (stream.Early is { } early)
        {
            foreach (var (_, data) in early.Values)
                _held -= data.Length + EventQueue.MessageOverhead;
            early.Clear();
        }

        if (_assembly is not null && _assembling.Stream == id)
            DropAssembly();
        return true;
    }

    public IEnumerable<ushort> UsedStreams() => _streams.Values.Where(stream => !stream.IsFresh).Select(stream => stream.Id);

    /// <summary>Size of a SACK body with as many gap blocks and duplicates as fit in <paramref name="space"/>.</summary>
    public int MeasureSack(int space, out int gaps, out int duplicates)
    {
        gaps = 0;
        duplicates = Math.Min(_duplicateCount, Math.Max(0, (space - 12) / 4));
        var maxGaps = (space - 12 - 4 * duplicates) / 4;
        if (HasGaps)
        {
            var end = _highest + 1;
            for (var tsn = CumulativeTsn + 1; gaps < maxGaps; gaps++)
            {
                var start = _arrived.Next(tsn, end, true);
                if (start == end)
                    break;
                tsn = _arrived.Next(start, end, false);
            }
        }

        return 12 + 4 * gaps + 4 * duplicates;
    }

    public void WriteSack(Span<byte> body, int gaps, int duplicates)
    {
        BinaryPrimitives.WriteUInt32BigEndian(body, CumulativeTsn);
        BinaryPrimitives.WriteUInt32BigEndian(body[4..], Window);
        BinaryPrimitives.WriteUInt16BigEndian(body[8..], (ushort)gaps);
        BinaryPrimitives.WriteUInt16BigEndian(body[10..], (ushort)duplicates);
        body = body[12..];
        var tsn = CumulativeTsn + 1;
        for (var i = 0; i < gaps; i++)
        {
            var start = _arrived.Next(tsn, _highest + 1, true);
            tsn = _arrived.Next(start, _highest + 1, false);
            BinaryPrimitives.WriteUInt16BigEndian(body, (ushort)(start - CumulativeTsn));
            BinaryPrimitives.WriteUInt16BigEndian(body[2..], (ushort)(tsn - 1 - CumulativeTsn));
            body = body[4..];
        }

        for (var i = 0; i < duplicates; i++)
        {
            BinaryPrimitives.WriteUInt32BigEndian(body, _duplicates[i]);
            body = body[4..];
        }

        _duplicateCount = 0;
    }

    public void Clear()
    {
        for (var tsn = CumulativeTsn + 1; Serial.Before(tsn, _highest + 1); tsn++)
        {
            if (!_arrived[tsn])
                continue;
            _arrived[tsn] = false;
            Free(ref At(tsn));
        }

        _highest = CumulativeTsn;
        DropAssembly();
        _streams.Clear();
        _lastStream = null;
        _held = 0;
        _duplicateCount = 0;
    }

    private ChunkVerdict NoteDuplicate(uint tsn)
    {
        if (_duplicateCount < MaxDuplicates)
            _duplicates[_duplicateCount++] = tsn;
        return ChunkVerdict.Duplicate;
    }

    /// <summary>Moves the cumulative point over what waits in the ring.</summary>
    private ChunkVerdict DrainRing()
    {
        var verdict = ChunkVerdict.Taken;
        while (HasGaps && _arrived[CumulativeTsn + 1])
        {
            CumulativeTsn++;
            _arrived[CumulativeTsn] = false;
            ref var slot = ref At(CumulativeTsn);
            if (slot.Buffer is not { } buffer)
                continue;
            verdict = Worse(verdict, Append(slot.Header, buffer.AsSpan(0, slot.Length)));
            Free(ref slot);
        }

        return verdict;
    }

    /// <summary>Adds a fragment that is next in TSN order to the message under assembly.</summary>
    private ChunkVerdict Append(in DataHeader header, ReadOnlySpan<byte> payload)
    {
        if (header.IsBegin)
        {
            DropAssembly();
            if (header.IsEnd)
            {
                if (payload.Length > maxMessageSize)
                    return ChunkVerdict.TooLarge;
                Deliver(header, payload.ToArray());
                return ChunkVerdict.Taken;
            }

            _assembling = header;
            _assembly = ArrayPool<byte>.Shared.Rent(Math.Max(_usualSize, payload.Length));
        }
        else if (_assembly is null || !_assembling.Continues(header))
        {
            // The rest of a message that was skipped.
            DropAssembly();
            return ChunkVerdict.Taken;
        }

        var total = _assembled + payload.Length;
        if (total > maxMessageSize)
            return ChunkVerdict.TooLarge;
        if (total > _assembly.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(total, _assembly.Length * 2));
            _assembly.AsSpan(0, _assembled).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_assembly);
            _assembly = larger;
        }

        payload.CopyTo(_assembly.AsSpan(_assembled));
        _assembled = total;
        _held += payload.Length;
        if (header.IsEnd)
        {
            var message = _assembly.AsSpan(0, _assembled).ToArray();
            _usualSize = Math.Max(MinAssembly, _assembled);
            DropAssembly();
            Deliver(_assembling, message);
        }

        return ChunkVerdict.Taken;
    }

    private void DropAssembly()
    {
        if (_assembly is null)
            return;
        _held -= _assembled;
        ArrayPool<byte>.Shared.Return(_assembly);
        _assembly = null;
        _assembled = 0;
    }

    private void Store(uint tsn, in DataHeader header, ReadOnlySpan<byte> payload)
    {
        while (tsn - CumulativeTsn >= _ring.Length)
            Grow();
        var buffer = _pool.Rent(payload.Length);
        payload.CopyTo(buffer);
        ref var slot = ref At(tsn);
        slot.Buffer = buffer;
        slot.Length = payload.Length;
        slot.Header = header;
        slot.RunEnd = slot.RunStart = tsn;
        slot.RunBytes = payload.Length;
        _held += buffer.Length + ChunkOverhead;
        _arrived[tsn] = true;
        Stream(header.Stream).IsFresh = false;
    }

    /// <summary>Joins a new fragment with its neighbours, and delivers the message when that made it whole.</summary>
    private ChunkVerdict JoinRuns(uint tsn)
    {
        ref var slot = ref At(tsn);
        var (start, end, bytes) = (tsn, tsn, slot.Length);
        if (!slot.Header.IsBegin && tsn - 1 != CumulativeTsn && _arrived[tsn - 1])
        {
            ref var left = ref At(tsn - 1);
            if (left.Buffer is not null && !left.Header.IsEnd && left.Header.Continues(slot.Header))
            {
                start = left.RunStart;
                bytes += left.RunBytes;
            }
        }

        if (!slot.Header.IsEnd && Serial.Before(tsn, _highest) && _arrived[tsn + 1])
        {
            ref var right = ref At(tsn + 1);
            if (right.Buffer is not null && !right.Header.IsBegin && slot.Header.Continues(right.Header))
            {
                end = right.RunEnd;
                bytes += right.RunBytes;
            }
        }

        if (bytes > maxMessageSize)
            return ChunkVerdict.TooLarge;
        ref var first = ref At(start);
        first.RunEnd = end;
        first.RunBytes = bytes;
        ref var last = ref At(end);
        last.RunStart = start;
        last.RunBytes = bytes;
        if (!first.Header.IsBegin || !last.Header.IsEnd)
            return ChunkVerdict.Taken;

        var header = first.Header;
        var message = GC.AllocateUninitializedArray<byte>(bytes);
        var written = 0;
        for (var at = start; at != end + 1; at++)
        {
            ref var part = ref At(at);
            part.Buffer.AsSpan(0, part.Length).CopyTo(message.AsSpan(written));
            written += part.Length;
            Free(ref part);
        }

        Deliver(header, message);
        return ChunkVerdict.Taken;
    }

    private void Deliver(in DataHeader header, byte[] message)
    {
        if (header.IsUnordered)
        {
            Emit(header.Stream, header.Ppid, message);
            return;
        }

        var stream = Stream(header.Stream);
        if (header.Sequence == stream.NextSequence)
        {
            stream.NextSequence++;
            Emit(header.Stream, header.Ppid, message);
            DeliverEarly(stream);
        }
        else if (Serial.Before(stream.NextSequence, header.Sequence))
        {
            stream.Early ??= [];
            if (stream.Early.TryAdd(header.Sequence, (header.Ppid, message)))
                _held += message.Length + EventQueue.MessageOverhead;
        }
    }

    private void DeliverEarly(IncomingStream stream)
    {
        if (stream.Early is not { Count: > 0 } early)
            return;
        while (early.Remove(stream.NextSequence, out var next))
        {
            stream.NextSequence++;
            EmitEarly(stream, next);
        }
    }

    private void SkipMessages(IncomingStream stream, ushort sequence)
    {
        if (Serial.Before(sequence, stream.NextSequence))
            return;
        stream.IsFresh = false;
        if (stream.Early is { Count: > 0 } early)
        {
            if ((ushort)(sequence - stream.NextSequence) < early.Count)
            {
                for (var at = stream.NextSequence; at != (ushort)(sequence + 1); at++)
                {
                    if (early.Remove(at, out var message))
                        EmitEarly(stream, message);
                }
            }
            else
            {
                var from = stream.NextSequence;
                var passed = early.Keys.Where(key => !Serial.Before(sequence,
                    key)).OrderBy(key => (ushort)(key - from)).ToArray();
                foreach (var key in passed)
                {
                    early.Remove(key, out var message);
                    EmitEarly(stream, message);
                }
            }
        }

        stream.NextSequence = (ushort)(sequence + 1);
        DeliverEarly(stream);
    }

    private void EmitEarly(IncomingStream stream, (uint Ppid, byte[] Data) message)
    {
        _held -= message.Data.Length + EventQueue.MessageOverhead;
        Emit(stream.Id, message.Ppid, message.Data);
    }

    private void Emit(ushort stream, uint ppid, byte[] message) =>
        events.Add(new SctpEvent(SctpEventKind.Message, stream, ppid, message));

    private void Free(ref Slot slot)
    {
        if (slot.Buffer is not { } buffer)
            return;
        _held -= buffer.Length + ChunkOverhead;
        _pool.Return(buffer);
        slot.Buffer = null;
    }

    private IncomingStream Stream(ushort id)
    {
        if (_lastStream is { } last && last.Id == id)
            return last;
        if (!_streams.TryGetValue(id, out var stream))
            _streams[id] = stream = new IncomingStream(id);
        return _lastStream = stream;
    }

    private ref Slot At(uint tsn) => ref _ring[tsn & (uint)(_ring.Length - 1)];

    private void Grow()
    {
        var larger = new Slot[_ring.Length * 2];
        for (var tsn = CumulativeTsn + 1; Serial.Before(tsn, _highest + 1); tsn++)
            larger[tsn & (uint)(larger.Length - 1)] = At(tsn);
        _ring = larger;
    }

    private static ChunkVerdict Worse(ChunkVerdict a, ChunkVerdict b) => a > b ? a : b;

    private struct Slot
    {
        /// <summary>Null once the fragment's message was delivered early.</summary>
        public byte[]? Buffer;
        public int Length;
        public DataHeader Header;

        // Valid at the two ends of a run only.
        public uint RunStart;
        public uint RunEnd;
        public int RunBytes;
    }
}
