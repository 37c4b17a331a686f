namespace SIPSorcery.Net.Sctp;

/// <summary>Where a chunk that was sent stands.</summary>
internal enum TxState : byte
{
    InFlight,

    /// <summary>Acknowledged by a gap block; the peer may still take that back.</summary>
    GapAcked,

    /// <summary>Taken for lost, waits to be sent again.</summary>
    Lost,

    /// <summary>Given up; the peer is told to skip it.</summary>
    Abandoned,
}

/// <summary>A fragment that has a TSN.</summary>
internal struct TxChunk
{
    public OutgoingMessage Message;
    public int Offset;
    public ushort Length;
    public byte Flags;
    public TxState State;
    public int Retransmits;
    public long SentAt;

    /// <summary>Number of the packet that carried it last: unlike TSNs, it tells retransmissions apart.</summary>
    public long PacketNumber;

    public readonly int Size => Length + Outstanding.ChunkOverhead;
}

/// <summary>What a SACK changed.</summary>
internal struct SackOutcome
{
    public bool Advanced;
    public bool AnyAcked;
    public bool AnyLost;
    public long BytesAcked;
    public long FlightBefore;

    /// <summary>Round trip of a chunk sent only once, or -1.</summary>
    public long RoundTrip;
}

/// <summary>Chunks sent and not cumulatively acknowledged, in a ring indexed by TSN.</summary>
internal sealed class Outstanding(SendQueue queue, SctpCounters counters, uint initialTsn)
{
    public const int ChunkOverhead = 16;
    private const int InitialReorderThreshold = 3;
    private const int MaxReorderThreshold = 64;
    private TxChunk[] _ring = new TxChunk[64];
    private uint _first = initialTsn;
    private uint _next = initialTsn;
    private uint _lostCursor = initialTsn;
    private uint _highestGapAcked = initialTsn - 1;
    private long _highestPacketAcked = -1;
    private int _retransmittedCount;
    private int _reorderThreshold = InitialReorderThreshold;

    /// <summary>Last TSN the peer acknowledged cumulatively.</summary>
    public uint CumulativeTsn => _first - 1;

    public uint NextTsn => _next;

    public int Count => (int)(_next - _first);

    /// <summary>Bytes believed to be on the wire.</summary>
    public long Flight { get; private set; }

    public int LostCount { get; private set; }

    public int AbandonedCount { get; private set; }

    public void Restart(uint initialTsn)
    {
        _first = _next = _lostCursor = initialTsn;
        _highestGapAcked = initialTsn - 1;
    }

    public ref TxChunk this[uint tsn] => ref _ring[tsn & (uint)(_ring.Length - 1)];

    /// <summary>Gives the next fragment of a message its TSN.</summary>
    public uint Add(OutgoingMessage message, int length, byte flags, long packetNumber, long now)
    {
        if (Count == _ring.Length)
            Grow();
        var tsn = _next++;
        ref var chunk = ref this[tsn];
        chunk.Message = message;
        chunk.Offset = message.Sent;
        chunk.Length = (ushort)length;
        chunk.Flags = flags;
        chunk.State = TxState.InFlight;
        chunk.Retransmits = 0;
        chunk.SentAt = now;
        chunk.PacketNumber = packetNumber;
        if (message.Outstanding++ == 0 && message.Sent == 0)
            message.FirstTsn = tsn;
        message.Stream.Outstanding++;
        message.Stream.LastTsn = tsn;
        Flight += chunk.Size;
        return tsn;
    }

    /// <summary>The lowest TSN that waits to be sent again. Ask only while <see cref="LostCount"/> is positive.</summary>
    public uint NextLost()
    {
        if (Serial.Before(_lostCursor, _first))
            _lostCursor = _first;
        while (this[_lostCursor].State != TxState.Lost)
            _lostCursor++;
        return _lostCursor;
    }

    public void OnRetransmitted(uint tsn, long packetNumber, long now)
    {
        ref var chunk = ref this[tsn];
        chunk.State = TxState.InFlight;
        if (chunk.Retransmits++ == 0)
            _retransmittedCount++;
        chunk.SentAt = now;
        chunk.PacketNumber = packetNumber;
        LostCount--;
        Flight += chunk.Size;
    }

    /// <summary>
    /// When the next chunk that others have overtaken counts as lost for its age; <see cref="long.MaxValue"/> for none.
    /// </summary>
    public long LossTime { get; private set; } = long.MaxValue;

    /// <summary>
    /// Takes a SACK in; gap blocks are raw pairs of big-endian offsets, ascending as every sender writes them.
    /// </summary>
    public SackOutcome OnSack(uint cumulative, ReadOnlySpan<byte> gapBlocks, long smoothedRoundTrip, long now)
    {
        var outcome = new SackOutcome { FlightBefore = Flight, RoundTrip = -1 };
        var sampled = -1L;
        var highestPacketBefore = _highestPacketAcked;
        while (Serial.Before(_first, cumulative + 1))
        {
            ref var chunk = ref this[_first];
            Settle(ref chunk, ref outcome, ref sampled, now);
            if (chunk.Retransmits > 0)
                _retransmittedCount--;
            if (chunk.State == TxState.Abandoned)
                AbandonedCount--;
            Release(ref chunk);
            _first++;
            outcome.Advanced = true;
        }

        if (Serial.Before(_highestGapAcked, _first - 1))
            _highestGapAcked = _first - 1;
        var from = _first;
        for (var i = 0; i + 4 <= gapBlocks.Length; i += 4)
        {
            var start = cumulative + (uint)((gapBlocks[i] << 8) | gapBlocks[i + 1]);
            var end = cumulative + (uint)((gapBlocks[i + 2] << 8) | gapBlocks[i + 3]);
            if (Serial.Before(start, from) || Serial.Before(end, start) || !Serial.Before(end, _next))
                continue;
            for (var tsn = start; tsn != end + 1; tsn++)
            {
                ref var chunk = ref this[tsn];
                if (chunk.State is TxState.InFlight or TxState.Lost)
                {
                    Settle(ref chunk, ref outcome, ref sampled, now);
                    chunk.State = TxState.GapAcked;
                }
            }

            from = end + 1;
            if (Serial.After(end, _highestGapAcked))
                _highestGapAcked = end;
        }

        // The TSN after the cumulative point is missing by definition: a peer that had it has dropped it again.
        if (Count > 0 && this[_first].State == TxState.GapAcked)
            MarkLost(_first, ref this[_first]);

        var suspicious = _retransmittedCount > 0 || Serial.After(_highestGapAcked, _first - 1);
        if (!suspicious)
            LossTime = long.MaxValue;
        else if (_highestPacketAcked > highestPacketBefore)
            outcome.AnyLost = DetectLosses(smoothedRoundTrip, now);
        return outcome;
    }

    /// <summary>
    /// Takes for lost what was overtaken by enough packets that arrived, or by any a good while ago. Packet numbers instead
    /// of TSNs let a retransmission that is lost itself be seen without waiting for the time-out.
    /// </summary>
    public bool DetectLosses(long smoothedRoundTrip, long now)
    {
        var any = false;
        var limit = _highestPacketAcked - _reorderThreshold;
        var patience = smoothedRoundTrip + smoothedRoundTrip * (_reorderThreshold - 1) / 4 + 1000;
        LossTime = long.MaxValue;
        for (var tsn = _first; tsn != _next; tsn++)
        {
            ref var chunk = ref this[tsn];
            if (chunk.State != TxState.InFlight || chunk.PacketNumber >= _highestPacketAcked)
                continue;
            if (chunk.PacketNumber > limit && now - chunk.SentAt < patience)
            {
                LossTime = Math.Min(LossTime, chunk.SentAt + patience);
                continue;
            }

            MarkLost(tsn, ref chunk);
            any = true;
        }

        return any;
    }

    /// <summary>
    /// Puts the latest chunk in flight up for sending again, to make the peer say what it has; false when none may be.
    /// </summary>
    public bool MarkProbe()
    {
        for (var tsn = _next - 1; !Serial.Before(tsn, _first) && _next - tsn < 64; tsn--)
        {
            ref var chunk = ref this[tsn];
            if (chunk.State != TxState.InFlight)
                continue;
            if (chunk.Message.MaxRetransmits >= 0 && chunk.Retransmits >= chunk.Message.MaxRetransmits)
                continue;
            MarkLost(tsn, ref chunk);
            return true;
        }

        return false;
    }

    /// <summary>Takes everything unacknowledged for lost, as after a time-out.</summary>
    public void MarkAllLost()
    {
        for (var tsn = _first; tsn != _next; tsn++)
        {
            ref var chunk = ref this[tsn];
            if (chunk.State == TxState.InFlight)
                MarkLost(tsn, ref chunk);
        }
    }

    /// <summary>The peer got something twice: it was only late, so be slower to call a packet lost.</summary>
    public void OnNeedlessRetransmission() => _reorderThreshold = Math.Min(_reorderThreshold + 2, MaxReorderThreshold);

    /// <summary>Gives a message up: all its fragments, those unsent included, count as gone.</summary>
    public void Abandon(OutgoingMessage message, long now)
    {
        if (message.Abandoned)
            return;
        message.Abandoned = true;
        counters.MessagesAbandoned++;
        if (queue.DropRest(message))
        {
            // The peer may hold every fragment so far. A last one, never sent, lets the skip point end the message for it.
            Add(message, 0, DataFlags.End, 0, now);
        }

        for (var tsn = message.FirstTsn; tsn != _next; tsn++)
        {
            if (Serial.Before(tsn, _first))
            {
                tsn = _first - 1;
                continue;
            }

            ref var chunk = ref this[tsn];
            if (chunk.Message != message)
                break;
            if (chunk.State == TxState.InFlight)
                Flight -= chunk.Size;
            else if (chunk.State == TxState.Lost)
                LostCount--;
            chunk.State = TxState.Abandoned;
            AbandonedCount++;
        }
    }

    /// <summary>
    /// The last TSN the peer can be told to skip to: abandoned ones that follow the cumulative point directly.
    /// </summary>
    public uint SkipPoint()
    {
        var tsn = _first;
        while (tsn != _next && this[tsn].State == TxState.Abandoned)
            tsn++;
        return tsn - 1;
    }

    public void Clear()
    {
        for (; _first != _next; _first++)
            Release(ref this[_first]);
        Flight = 0;
        LostCount = 0;
        AbandonedCount = 0;
        LossTime = long.MaxValue;
    }

    private void Settle(ref TxChunk chunk, ref SackOutcome outcome, ref long sampled, long now)
    {
        if (chunk.State == TxState.InFlight)
            Flight -= chunk.Size;
        else if (chunk.State == TxState.Lost)
            LostCount--;
        else
            return;
        outcome.AnyAcked = true;
        outcome.BytesAcked += chunk.Size;

        // A lost chunk that turns up after all says nothing of its last packet.
        if (chunk.State != TxState.InFlight)
            return;
        _highestPacketAcked = Math.Max(_highestPacketAcked, chunk.PacketNumber);
        if (chunk.Retransmits == 0 && chunk.PacketNumber > sampled)
        {
            sampled = chunk.PacketNumber;
            outcome.RoundTrip = now - chunk.SentAt;
        }
    }

    private void MarkLost(uint tsn, ref TxChunk chunk)
    {
        if (chunk.State == TxState.InFlight)
            Flight -= chunk.Size;
        chunk.State = TxState.Lost;
        if (LostCount++ == 0 || Serial.Before(tsn, _lostCursor))
            _lostCursor = tsn;
    }

    private void Release(ref TxChunk chunk)
    {
        var message = chunk.Message;
        message.Stream.Outstanding--;
        if (--message.Outstanding == 0 && message.FullySent)
            queue.Recycle(message);
        chunk.Message = null!;
    }

    private void Grow()
    {
        var larger = new TxChunk[_ring.Length * 2];
        for (var tsn = _first; tsn != _next; tsn++)
            larger[tsn & (uint)(larger.Length - 1)] = this[tsn];
        _ring = larger;
    }
}
