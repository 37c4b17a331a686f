using System.Buffers.Binary;

namespace SIPSorcery.Net.Sctp;

// What goes out: packets, DATA and its acknowledgement, skips of abandoned messages.
internal sealed partial class SctpAssociation
{
    private const int DataHeaderSize = 12;
    private const int MaxOutstandingChunks = 32768;

    // Rather than cut a small piece to fill a packet, the next packet takes the whole.
    private const int SmallestFiller = 256;
    private readonly int _packetSize;
    private readonly Dictionary<ushort, ushort> _skipped = [];
    private uint _peerWindow;
    private uint _advertisedWindow = uint.MaxValue;
    private long _packetNumber;
    private bool _mayExceedWindow;
    private bool _forwardDue;
    private bool _needless;
    private uint _skipPoint;

    /// <summary>
    /// Writes the next packet to send into <paramref name="buffer"/>, which must hold at least
    /// <see cref="SctpOptions.MaxPacketSize"/> bytes; 0 when there is none.
    /// </summary>
    public int PollPacket(Span<byte> buffer, long now)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(buffer.Length, _packetSize, nameof(buffer));
        buffer = buffer[.._packetSize];
        if (_replies.TryPeek(out var reply) && (reply.Alone || reply.Tag != _peerTag))
        {
            _replies.Remove();
            var alone = new PacketWriter(buffer, _options.LocalPort, _options.RemotePort, reply.Tag);
            if (!alone.Fits(reply.Body.Length))
                return PollPacket(buffer, now);
            reply.Body.CopyTo(alone.Add(reply.Type, reply.Flags, reply.Body.Length));
            Counters.PacketsSent++;
            return alone.Finish();
        }

        if (State == SctpState.CookieWait)
            return _handshakeDue ? WriteHandshake(buffer, now) : 0;
        if (!HasPeer)
            return 0;
        var writer = new PacketWriter(buffer, _options.LocalPort, _options.RemotePort, _peerTag);
        var mayCarryData = State != SctpState.CookieEchoed;
        if (State == SctpState.CookieEchoed && _handshakeDue)
        {
            _handshakeDue = false;
            _handshakeSentOnce = _handshakeTries == 0;
            _handshakeSentAt = now;
            _handshakeTimer = now + _rto.Current;
            _cookie.CopyTo(writer.Add(ChunkType.CookieEcho, 0, _cookie!.Length));
            mayCarryData = true;
        }

        WriteControl(ref writer, now);
        if (mayCarryData)
            WriteData(ref writer, now);
        if (writer.IsEmpty)
            return 0;
        _packetNumber++;
        Counters.PacketsSent++;
        return writer.Finish();
    }

    private void WriteControl(ref PacketWriter writer, long now)
    {
        if (_cookieAckDue)
        {
            _cookieAckDue = false;
            writer.Add(ChunkType.CookieAck, 0, 0);
        }

        while (_replies.TryPeek(out var reply) && !reply.Alone && reply.Tag == _peerTag && writer.Fits(reply.Body.Length))
        {
            _replies.Remove();
            reply.Body.CopyTo(writer.Add(reply.Type, reply.Flags, reply.Body.Length));
        }

        if (State == SctpState.CookieEchoed)
            return;
        var dataIsDue = CanSendNow();
        if ((_sackDue || (dataIsDue && _unacknowledgedPackets > 0)) && writer.Remaining >= 64)
            WriteSack(ref writer);
        if (_forwardDue)
            WriteForwardTsn(ref writer, now);
        WriteRequest(ref writer, now);
        if (_shutdownDue)
            WriteShutdown(ref writer, now);
        if (_heartbeatDue)
            WriteHeartbeat(ref writer, now);
    }

    private bool CanSendNow() =>
        (_outstanding.LostCount > 0 || _queue.Buffered > 0) && (_mayExceedWindow || _outstanding.Flight < _window.Size);

    private void WriteSack(ref PacketWriter writer)
    {
        var size = _received.MeasureSack(writer.Remaining - 4, out var gaps, out var duplicates);
        _advertisedWindow = _received.Window;
        _received.WriteSack(writer.Add(ChunkType.Sack, 0, size), gaps, duplicates);
        _sackDue = false;
        _sackTimer = Never;
        _unacknowledgedPackets = 0;
    }

    private void WriteData(ref PacketWriter writer, long now)
    {
        if (State is SctpState.ShutdownSent or SctpState.ShutdownAckSent)
            return;
        var repeated = false;
        while (_outstanding.LostCount > 0 && (_mayExceedWindow || _outstanding.Flight < _window.Size))
        {
            var tsn = _outstanding.NextLost();
            ref var chunk = ref _outstanding[tsn];
            if (IsGivenUp(chunk, now))
            {
                Abandon(chunk.Message, now);
                continue;
            }

            if (!writer.Fits(DataHeaderSize + chunk.Length))
            {
                // The first packet of a fast retransmission goes out whatever the window says, only that one.
                _mayExceedWindow &= !repeated;
                return;
            }

            repeated = true;
            _outstanding.OnRetransmitted(tsn, _packetNumber, now);
            Counters.Retransmissions++;
            WriteChunk(ref writer, tsn, ref chunk);
            if (_retransmissionTimer == Never || tsn == _outstanding.CumulativeTsn + 1)
                ArmRetransmission(now);
        }

        if (_outstanding.LostCount > 0)
            return;
        _mayExceedWindow = false;
        var mayDrop = PeerSkips;
        while (_outstanding.Flight < _window.Size && _outstanding.Count < MaxOutstandingChunks
            && _queue.Next(now, mayDrop, Counters) is { } message)
        {
            if (mayDrop && message.Sent > 0 && now >= message.ExpiresAt)
            {
                Abandon(message, now);
                continue;
            }

            var rest = message.Length - message.Sent;
            var space = writer.Remaining - 4 - DataHeaderSize;
            var length = Math.Min(rest, space);
            if (length <= 0 || (length < rest && length < SmallestFiller))
                return;

            // One chunk may always be on its way, to find out whether a closed window has opened.
            if (_outstanding.Flight > 0 && _outstanding.Flight + length + Outstanding.ChunkOverhead > _peerWindow)
                return;
            SendFragment(ref writer, message, length, now);
        }
    }

    private void SendFragment(ref PacketWriter writer, OutgoingMessage message, int length, long now)
    {
        var stream = message.Stream;
        byte flags = 0;
        if (message.Sent == 0)
        {
            flags |= DataFlags.Begin;
            if (!message.Unordered)
                message.Sequence = stream.NextSequence++;
        }

        if (message.Sent + length == message.Length)
            flags |= DataFlags.End;
        if (message.Unordered)
            flags |= DataFlags.Unordered;
        var tsn = _outstanding.Add(message, length, flags, _packetNumber, now);
        _queue.OnFragmentSent(message, length);
        WriteChunk(ref writer, tsn, ref _outstanding[tsn]);
        if (_retransmissionTimer == Never)
            ArmRetransmission(now);
        else if (_probeTimer != Never)
            _probeTimer = now + (_rto.Probe << _probes);
    }

    private void WriteChunk(ref PacketWriter writer, uint tsn, ref TxChunk chunk)
    {
        var message = chunk.Message;
        var flags = chunk.Flags;

        // Nothing more will follow soon, so the peer need not wait for a second packet before it answers (RFC 7053).
        if (_queue.Buffered == 0 || _outstanding.Flight >= _window.Size)
            flags |= DataFlags.Immediate;
        var body = writer.Add(ChunkType.Data, flags, DataHeaderSize + chunk.Length);
        BinaryPrimitives.WriteUInt32BigEndian(body, tsn);
        BinaryPrimitives.WriteUInt16BigEndian(body[4..], message.Stream.Id);
        BinaryPrimitives.WriteUInt16BigEndian(body[6..], message.Unordered ? (ushort)0 : message.Sequence);
        BinaryPrimitives.WriteUInt32BigEndian(body[8..], message.PayloadProtocol);
        message.Buffer.AsSpan(chunk.Offset, chunk.Length).CopyTo(body[DataHeaderSize..]);
        Counters.DataChunksSent++;
    }

    private void OnAcknowledged(uint cumulative, uint? window, ReadOnlySpan<byte> gapBlocks, long now)
    {
        if (Serial.Before(cumulative, _outstanding.CumulativeTsn) || !Serial.Before(cumulative, _outstanding.NextTsn))
            return;
        var wasClosed = _peerWindow < _packetSize;
        if (window is { } announced)
            _peerWindow = announced;
        var outcome = _outstanding.OnSack(cumulative, gapBlocks, _rto.SmoothedRoundTrip, now);
        if (outcome.RoundTrip >= 0)
        {
            _rto.Measure(outcome.RoundTrip);
            _needless = false;
        }
        else if (outcome.Advanced && !_needless)
        {
            // Under heavy loss a round trip is seldom measured, and one time-out must not make all later ones long. Only
            // where the peer got things twice may the time-out itself be too short, and stays backed off.
            _rto.Restore();
        }

        // An answer is an answer, even when a closed window kept it from taking anything.
        if (outcome.AnyAcked || outcome.Advanced || wasClosed)
            _errors = 0;
        if (outcome.AnyAcked || outcome.Advanced)
            _probes = 0;
        if (outcome.Advanced)
        {
            _window.OnAcked(outcome.BytesAcked, outcome.FlightBefore, cumulative);
            if (_outstanding.Count > 0)
                ArmRetransmission(now);
            else
                _retransmissionTimer = _probeTimer = Never;
            _resetCheckDue = true;
        }

        _lossTimer = _outstanding.LossTime;
        if (outcome.AnyLost)
            OnLoss(now);

        if (_outstanding.AbandonedCount > 0)
            AdvanceSkipPoint(now, repeat: true);
        ProceedWithShutdown();
    }

    private void OnLoss(long now)
    {
        Counters.FastRetransmits++;
        if (_window.OnLoss(_outstanding.NextTsn - 1))
            _mayExceedWindow = true;
        AbandonGivenUp(now);
    }

    private void OnRetransmissionTimeout(long now)
    {
        _retransmissionTimer = _probeTimer = _lossTimer = Never;
        if (_outstanding.Count == 0)
            return;
        Counters.Timeouts++;
        if (Fails())
            return;
        _rto.BackOff();
        if (_peerWindow >= _packetSize)
            _window.OnTimeout();
        _outstanding.MarkAllLost();
        AbandonGivenUp(now);
        if (_outstanding.AbandonedCount > 0)
            AdvanceSkipPoint(now, repeat: true);
        ArmRetransmission(now);
    }

    private bool PeerSkips => (_peerFeatures & PeerFeatures.ForwardTsn) != 0;

    private bool IsGivenUp(in TxChunk chunk, long now) =>
        PeerSkips
        && ((chunk.Message.MaxRetransmits >= 0
            && chunk.Retransmits >= chunk.Message.MaxRetransmits) || now >= chunk.Message.ExpiresAt);

    /// <summary>Gives up what was just found lost and may not be sent again.</summary>
    private void AbandonGivenUp(long now)
    {
        if (!PeerSkips || !_partiallyReliable)
            return;
        for (var tsn = _outstanding.CumulativeTsn + 1; tsn != _outstanding.NextTsn; tsn++)
        {
            ref var chunk = ref _outstanding[tsn];
            if (chunk.State == TxState.Lost && IsGivenUp(chunk, now))
                Abandon(chunk.Message, now);
        }
    }

    private void Abandon(OutgoingMessage message, long now)
    {
        _outstanding.Abandon(message, now);
        AdvanceSkipPoint(now, repeat: false);
        if (_retransmissionTimer == Never)
            ArmRetransmission(now);
    }

    private void AdvanceSkipPoint(long now, bool repeat)
    {
        var point = _outstanding.SkipPoint();
        if (!Serial.After(point, _outstanding.CumulativeTsn))
            return;
        if (point != _skipPoint || (repeat && now - _forwardSentAt >= Math.Max(_rto.SmoothedRoundTrip, 1000)))
            _forwardDue = true;
        _skipPoint = point;
    }

    private void WriteForwardTsn(ref PacketWriter writer, long now)
    {
        var point = _outstanding.SkipPoint();
        if (!Serial.After(point, _outstanding.CumulativeTsn))
        {
            _forwardDue = false;
            return;
        }

        var room = (writer.Remaining - 8) / 4;
        if (room < 1)
            return;
        _skipped.Clear();
        var reached = _outstanding.CumulativeTsn;
        for (var tsn = reached + 1; tsn != point + 1; tsn++)
        {
            var message = _outstanding[tsn].Message;
            if (!message.Unordered)
            {
                if (!_skipped.ContainsKey(message.Stream.Id) && _skipped.Count == room)
                    break;
                _skipped[message.Stream.Id] = message.Sequence;
            }

            reached = tsn;
        }

        var body = writer.Add(ChunkType.ForwardTsn, 0, 4 + 4 * _skipped.Count);
        BinaryPrimitives.WriteUInt32BigEndian(body, reached);
        foreach (var (stream, sequence) in _skipped)
        {
            body = body[4..];
            BinaryPrimitives.WriteUInt16BigEndian(body, stream);
            BinaryPrimitives.WriteUInt16BigEndian(body[2..], sequence);
        }

        _forwardDue = false;
        _forwardSentAt = now;
    }

    private long _forwardSentAt = long.MinValue / 2;
}
