namespace SIPSorcery.Net;

/// <summary>
/// Puts H.264 packets in order and hands out access units, each the moment its last packet is there. What is missing is asked
/// for again until a deadline; then the frame is lost, and nothing is handed out before the next key frame, since it could
/// not be decoded. The memory is bounded, whatever arrives.
/// </summary>
internal sealed class FrameAssembler(int maxFrameSize = 1024 * 1024, bool canAsk = true, bool usesRtx = false)
{
    const int Capacity = 2048;
    const int MaxGap = 512;
    const int SilenceGap = 64;
    const int RestartDistance = 3000;
    const int StartReordering = 64;
    const int PooledPayload = 1600;
    const int MaxAsked = 12;
    const long ReorderingMicros = 5_000;
    const long ReorderingOnlyMicros = 60_000;
    const long MinRetryMicros = 20_000;
    const long SilenceMicros = 700_000;
    const long DefaultRoundTrip = 100_000;
    const long KeyFrameRetryMicros = 300_000;

    readonly Slot[] _slots = new Slot[Capacity];
    readonly Stack<byte[]> _buffers = new();
    readonly Queue<ReceivedFrame> _frames = new();
    readonly long[] _answers = new long[8]; // how long the latest requests took
    long _next = -1; // the first packet of the oldest frame that is not handed out
    long _scan; // all from _next up to here are there
    long _highest;
    long _lastArrival;
    long _roundTrip = DefaultRoundTrip;
    long _askAt = long.MaxValue;
    int _answerCount;
    bool _answered;
    int _missing;
    ushort? _restartAt;
    bool _consumed;
    bool _boundaryKnown;
    bool _parametersSeen;
    bool _waiting = true;
    bool _keyFrameComing;
    long _keyFrameAskedAt = long.MinValue;
    int _keyFrameAsked;

    struct Slot
    {
        public SlotState State;
        public byte[] Buffer;
        public int Length;
        public uint Timestamp;
        public byte PayloadType;
        public bool Marker;
        public H264PayloadTraits Traits;
        public long MissingSince;
        public long FirstAskedAt;
        public long AskedAt;
        public int Asked;
    }

    enum SlotState : byte
    {
        Empty,
        Missing,
        Present,
    }

    /// <summary>The largest access unit that is put together.</summary>
    public int MaxFrameSize { get; set; } = maxFrameSize;

    /// <summary>The round-trip time to the sender: learned from answers to requests, or set by who knows better.</summary>
    public long RoundTripMicros
    {
        get => _roundTrip;
        set => _roundTrip = Math.Clamp(value, 1_000, 2_000_000);
    }

    /// <summary>Frames that could not be handed out: lost, or of no use without those before them.</summary>
    public long FramesDropped { get; private set; }
    public long FramesDelivered { get; private set; }
    /// <summary>Packets that came twice.</summary>
    public long Duplicates { get; private set; }
    /// <summary>Packets that came after their frame was given up or handed out.</summary>
    public long Late { get; private set; }
    /// <summary>Frames whose packets did not fit together, or were too large.</summary>
    public long Malformed { get; private set; }
    /// <summary>Packets that came only because they were asked for.</summary>
    public long Recovered { get; private set; }

    /// <summary>Whether nothing can be decoded before a key frame comes.</summary>
    public bool IsWaitingForKeyFrame => _waiting && _next >= 0;

    // Where nothing can be asked for, only packets that were overtaken are worth waiting for.
    long DeadlineMicros => !canAsk ? ReorderingOnlyMicros : Math.Clamp(4 * _roundTrip + 100_000, 400_000, 2_000_000);

    long RetryMicros => Math.Max(MinRetryMicros, _roundTrip + 10_000);

    long KeyFrameRetry => Math.Max(KeyFrameRetryMicros, 2 * _roundTrip) * Math.Min(_keyFrameAsked, 4);

    /// <summary>Takes in a packet's payload. <paramref name="retransmitted"/>: it came by RTX.</summary>
    public void Insert(
        ushort sequence, uint timestamp, bool marker, byte payloadType, ReadOnlySpan<byte> payload, long now, bool retransmitted = false)
    {
        if (payload.Length > ushort.MaxValue)
            return;
        if (_next < 0)
        {
            Restart(0x10000 | sequence);
        }
        var index = _highest + (short)(sequence - (ushort)_highest);
        if (index < _next && !TryStartEarlier(index, now))
        {
            // Two packets in a row from far back: the sender began its numbers anew.
            var restarted = !retransmitted && _next - index > RestartDistance && _restartAt == sequence;
            _restartAt = (ushort)(sequence + 1);
            if (!restarted)
            {
                Late++;
                return;
            }
            LoseAll();
            Restart(index);
        }
        if (index > _highest + 1 && (index - _highest > MaxGap || index - _highest > SilenceGap && now - _lastArrival > SilenceMicros)
            || index - _next >= Capacity)
        {
            // Too much is missing to be asked for. A key frame is sooner here.
            if (retransmitted)
                return;
            LoseAll();
            Restart(index);
        }
        _lastArrival = now;
        for (; _highest < index - 1; _highest++)
            MarkMissing(_highest + 1, now);
        _highest = Math.Max(_highest, index);

        ref var slot = ref At(index);
        if (slot.State == SlotState.Present)
        {
            Duplicates++;
            return;
        }
        if (slot.State == SlotState.Missing)
            NoteArrival(ref slot, now, retransmitted);
        slot.State = SlotState.Present;
        slot.Timestamp = timestamp;
        slot.Marker = marker;
        slot.PayloadType = payloadType;
        slot.Traits = H264Payload.Classify(payload);
        slot.Length = payload.Length;
        slot.Buffer = payload.Length > PooledPayload ? new byte[payload.Length]
            : _buffers.TryPop(out var pooled) ? pooled : new byte[PooledPayload];
        payload.CopyTo(slot.Buffer);
        _keyFrameComing |= (slot.Traits & (H264PayloadTraits.IdrSlice | H264PayloadTraits.Sps)) != 0;

        Advance();
        if (_waiting && _scan <= index)
            JumpToKeyFrame(index, index);
    }

    /// <summary>The next frame that is complete, if any.</summary>
    public bool TryTake(out ReceivedFrame frame) => _frames.TryDequeue(out frame);

    /// <summary>Starts over with another stream, as after a change of SSRC.</summary>
    public void Reset()
    {
        if (_next < 0)
            return;
        LoseAll();
        _next = -1;
        _parametersSeen = false;
        _keyFrameAsked = 0;
    }

    /// <summary>Gives up what has been missing for too long.</summary>
    public void Tick(long now)
    {
        while (_next >= 0 && _scan <= _highest && now - At(_scan).MissingSince >= DeadlineMicros)
            SkipGap();
    }

    /// <summary>
    /// Writes the sequence numbers to ask for now, in order, and takes them as asked for; returns how many.
    /// </summary>
    public int TakeMissing(Span<ushort> sequences, long now)
    {
        if (!canAsk || _missing == 0 || now < _askAt)
            return 0;
        var count = 0;
        _askAt = long.MaxValue;
        for (var index = _scan; index <= _highest; index++)
        {
            ref var slot = ref At(index);
            if (slot.State != SlotState.Missing || slot.Asked >= MaxAsked)
                continue;
            var due = slot.Asked == 0 ? slot.MissingSince + ReorderingMicros : slot.AskedAt + RetryMicros;
            if (due <= now && count < sequences.Length)
            {
                sequences[count++] = (ushort)index;
                if (slot.Asked++ == 0)
                    slot.FirstAskedAt = now;
                slot.AskedAt = now;
                due = now + RetryMicros;
            }
            _askAt = Math.Min(_askAt, due);
        }
        return count;
    }

    /// <summary>Whether to ask for a key frame now; if so, it counts as asked for.</summary>
    public bool TakeKeyFrameRequest(long now)
    {
        if (!IsWaitingForKeyFrame || _keyFrameComing || _keyFrameAsked > 0 && now - _keyFrameAskedAt < KeyFrameRetry)
            return false;
        _keyFrameAsked++;
        _keyFrameAskedAt = now;
        return true;
    }

    /// <summary>When there is something to do again without a packet coming.</summary>
    public long NextTimeout()
    {
        if (_next < 0)
            return long.MaxValue;
        var next = canAsk && _missing > 0 ? _askAt : long.MaxValue;
        if (_scan <= _highest)
            next = Math.Min(next, At(_scan).MissingSince + DeadlineMicros);
        if (_waiting && !_keyFrameComing)
            next = Math.Min(next, _keyFrameAsked == 0 ? 0 : _keyFrameAskedAt + KeyFrameRetry);
        return next;
    }

    ref Slot At(long index) => ref _slots[index & (Capacity - 1)];

    void Restart(long index)
    {
        _next = _scan = index;
        _highest = index - 1;
        _consumed = false;
        _boundaryKnown = false;
    }

    // At the very start, packets that overtook one another must not make the first frame a lost one.
    bool TryStartEarlier(long index, long now)
    {
        if (_consumed || _next - index > StartReordering || _highest - index >= Capacity)
            return false;
        for (var gap = index; gap < _next; gap++)
            MarkMissing(gap, now);
        _next = _scan = index;
        return true;
    }

    void MarkMissing(long index, long now)
    {
        ref var slot = ref At(index);
        slot.State = SlotState.Missing;
        slot.MissingSince = now;
        slot.Asked = 0;
        _missing++;
        _askAt = Math.Min(_askAt, now + ReorderingMicros);
    }

    void NoteArrival(ref Slot slot, long now, bool retransmitted)
    {
        _missing--;
        if (slot.Asked == 0)
            return;
        Recovered++;
        if (usesRtx && !retransmitted)
            return; // It was only overtaken.
        _answered = true;
        // Counted from the first request on, it is an upper bound, so the least of some is near the truth. Without RTX, answers
        // and packets that were overtaken look the same, and only a mean makes sense.
        var sample = now - slot.FirstAskedAt;
        if (!retransmitted)
        {
            // Which of several requests was answered, nobody knows: those may raise the mean slowly only.
            RoundTripMicros = _roundTrip + (sample - _roundTrip) / (slot.Asked > 1 && sample > _roundTrip ? 64 : 8);
            return;
        }
        _answers[_answerCount++ % _answers.Length] = sample;
        RoundTripMicros = _answerCount < _answers.Length ? Math.Max(sample, _roundTrip / 2) : MinAnswer();
    }

    long MinAnswer()
    {
        var least = _answers[0];
        foreach (var answer in _answers)
            least = Math.Min(least, answer);
        return least;
    }

    void Advance()
    {
        while (_scan <= _highest)
        {
            ref var slot = ref At(_scan);
            if (slot.State != SlotState.Present)
            {
                // Without what came before, a picture that is not a key frame is not worth waiting for.
                if (!_waiting || !HeadIsUseless())
                    return;
                SkipGap();
                return;
            }
            if (_scan > _next && slot.Timestamp != At(_next).Timestamp)
            {
                Finish(_scan); // The sender sets no marker: the next frame's first packet ends this one.
                continue;
            }
            _scan++;
            if (slot.Marker)
                Finish(_scan);
        }
    }

    bool HeadIsUseless()
    {
        for (var index = _next; index < _scan; index++)
        {
            if ((At(index).Traits & H264PayloadTraits.OtherSlice) != 0)
                return true;
        }
        return false;
    }

    // The head frame misses a packet that will not come: go on behind the gap.
    void SkipGap()
    {
        Lose();
        _boundaryKnown = false;
        // No answer at all within the deadline: it may just be a longer way than was thought.
        if (At(_scan).Asked > 1 && !_answered)
            RoundTripMicros = Math.Min(_roundTrip + _roundTrip / 2, 1_000_000);
        _answered = false;
        while (_scan <= _highest && At(_scan).State == SlotState.Missing)
            Free(ref At(_scan++));
        while (_next < _scan)
            Free(ref At(_next++));
        _consumed = true;
        JumpToKeyFrame(_next, _highest);
        Advance();
    }

    // While waiting, a complete key frame is taken at once, and whatever is before it is left.
    void JumpToKeyFrame(long from, long to)
    {
        for (var index = from; index <= to; index++)
        {
            if (index < _next || (At(index).Traits & H264PayloadTraits.IdrSlice) == 0 && from != to
                || At(index).State != SlotState.Present)
                continue;
            var timestamp = At(index).Timestamp;
            var (first, end) = (index, index);
            while (first > _next && IsPart(first - 1, timestamp))
                first--;
            while (end <= _highest && IsPart(end, timestamp) && !At(end).Marker)
                end++;
            var complete = end <= _highest && At(end).State == SlotState.Present;
            if (complete && At(end).Timestamp == timestamp)
                end++;
            if (complete && first > _next && IsKeyFrame(TraitsOf(first, end), false))
            {
                while (_next < first)
                    Free(ref At(_next++));
                _scan = _next;
                FramesDropped++;
                Advance();
                return;
            }
            index = Math.Max(index, end - 1);
        }
    }

    bool IsPart(long index, uint timestamp)
    {
        ref var slot = ref At(index);
        return slot.State == SlotState.Present && slot.Timestamp == timestamp;
    }

    H264PayloadTraits TraitsOf(long first, long end)
    {
        var traits = H264PayloadTraits.None;
        for (; first < end; first++)
            traits |= At(first).Traits;
        return traits;
    }

    // A key frame is one only if its head is there: the first slice, and the parameter sets unless they are known.
    bool IsKeyFrame(H264PayloadTraits traits, bool parametersKnown)
    {
        const H264PayloadTraits picture = H264PayloadTraits.IdrSlice | H264PayloadTraits.FirstSlice;
        const H264PayloadTraits parameters = H264PayloadTraits.Sps | H264PayloadTraits.Pps;
        return (traits & picture) == picture && (parametersKnown || (traits & parameters) == parameters);
    }

    // All packets of the frame are there: hand it out, or drop it.
    void Finish(long end)
    {
        var traits = TraitsOf(_next, end);
        var size = 0;
        var inFragments = false;
        var sound = (traits & H264PayloadTraits.Malformed) == 0;
        for (var index = _next; sound && index < end; index++)
            sound = Append(index, default, ref size, ref inFragments);
        sound &= !inFragments;

        if (size > 0 || !sound)
        {
            var isKeyFrame = IsKeyFrame(traits, _parametersSeen && _boundaryKnown);
            _keyFrameComing = false;
            if (_waiting && !isKeyFrame)
            {
                FramesDropped++;
            }
            else if (!sound || size > MaxFrameSize)
            {
                Malformed++;
                Lose();
            }
            else
            {
                var accessUnit = new byte[size];
                (size, inFragments) = (0, false);
                for (var index = _next; index < end; index++)
                    Append(index, accessUnit, ref size, ref inFragments);
                _frames.Enqueue(new ReceivedFrame(accessUnit, At(_next).Timestamp, At(_next).PayloadType, isKeyFrame));
                FramesDelivered++;
                _parametersSeen |= (traits & H264PayloadTraits.Sps) != 0 && (traits & H264PayloadTraits.Pps) != 0;
                if (isKeyFrame)
                    (_waiting, _keyFrameAsked) = (false, 0);
            }
        }
        while (_next < end)
            Free(ref At(_next++));
        _scan = _next;
        _consumed = true;
        _boundaryKnown = true;
    }

    bool Append(long index, Span<byte> destination, ref int length, ref bool inFragments)
    {
        ref var slot = ref At(index);
        return H264Payload.TryAppend(slot.Buffer.AsSpan(0, slot.Length), destination, ref length, ref inFragments);
    }

    void Lose()
    {
        FramesDropped++;
        _keyFrameComing = false;
        _waiting = true;
    }

    void LoseAll()
    {
        Lose();
        for (; _next <= _highest; _next++)
            Free(ref At(_next));
        _askAt = long.MaxValue;
    }

    void Free(ref Slot slot)
    {
        if (slot.State == SlotState.Missing)
            _missing--;
        if (slot.State == SlotState.Present && slot.Buffer.Length == PooledPayload)
            _buffers.Push(slot.Buffer);
        slot = default;
    }
}
