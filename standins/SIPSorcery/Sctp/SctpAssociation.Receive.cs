using System.Buffers.Binary;

namespace SIPSorcery.Net.Sctp;

// What comes in: checks, the chunk loop, DATA, SACK and the small control chunks.
internal sealed partial class SctpAssociation
{
    private const int MaxClosedReplies = 16;
    private const byte TagReflected = 1;
    private long _now;
    private int _unacknowledgedPackets;
    private bool _sackDue;
    private bool _dataInPacket;
    private int _closedReplies;

    /// <summary>Takes one SCTP packet, as DTLS gave it. Whatever is in it, no exception escapes; what makes no sense is dropped and counted.</summary>
    public void HandlePacket(ReadOnlySpan<byte> packet, long now)
    {
        _now = now;
        Counters.PacketsReceived++;
        if (packet.Length < PacketWriter.HeaderSize + 4
            || BinaryPrimitives.ReadUInt16BigEndian(packet) != _options.RemotePort
            || BinaryPrimitives.ReadUInt16BigEndian(packet[2..]) != _options.LocalPort
            || BinaryPrimitives.ReadUInt32LittleEndian(packet[8..]) != Crc32c.ComputePacket(packet))
        {
            Counters.PacketsRefused++;
            return;
        }

        var tag = BinaryPrimitives.ReadUInt32BigEndian(packet[4..]);
        var rest = packet[PacketWriter.HeaderSize..];
        if (State == SctpState.Closed)
        {
            AnswerAfterClose(rest, tag);
            return;
        }

        _dataInPacket = false;
        for (var first = true; rest.Length >= 4; first = false)
        {
            int length = BinaryPrimitives.ReadUInt16BigEndian(rest[2..]);
            if (length < 4 || length > rest.Length)
            {
                Counters.PacketsRefused++;
                break;
            }

            var chunk = rest[..length];
            rest = rest[Math.Min(rest.Length, PacketWriter.Padded(length))..];
            if (!IsTagRight(chunk[0], chunk[1], tag, first && rest.IsEmpty))
            {
                Counters.PacketsRefused++;
                break;
            }

            if (!HandleChunk(chunk, tag, now) || State == SctpState.Closed)
                break;
        }

        if (_dataInPacket && State != SctpState.Closed)
            ScheduleSack(now);
    }

    private bool IsTagRight(byte type, byte flags, uint tag, bool isAlone) => type switch
    {
        ChunkType.Init => tag == 0 && isAlone,
        ChunkType.CookieEcho => tag != 0,
        ChunkType.Abort or ChunkType.ShutdownComplete => (flags & TagReflected) == 0
            ? tag == _localTag
            : tag == _peerTag && _peerTag != 0,
        _ => tag == _localTag,
    };

    /// <summary>Handles one chunk; false when the rest of the packet is to be left alone.</summary>
    private bool HandleChunk(ReadOnlySpan<byte> chunk, uint tag, long now)
    {
        var body = chunk[4..];
        switch (chunk[0])
        {
            case ChunkType.Init:
                OnInit(body);
                return true;
            case ChunkType.InitAck:
                OnInitAck(body, now);
                return true;
            case ChunkType.CookieEcho:
                OnCookieEcho(body, tag, now);
                return tag == _localTag && HasPeer;
            case ChunkType.CookieAck:
                OnCookieAck(now);
                return true;
            case ChunkType.Abort:
                if (State != SctpState.New)
                    Close(SctpCloseReason.PeerAbort);
                return false;
        }

        if (!HasPeer)
            return (chunk[0] & 0x80) != 0 || IsKnown(chunk[0]);
        switch (chunk[0])
        {
            case ChunkType.Data:
                return OnData(chunk[1], body, now);
            case ChunkType.Sack:
                OnSack(body, now);
                return true;
            case ChunkType.ForwardTsn:
                OnForwardTsn(body);
                return true;
            case ChunkType.ReConfig:
                OnReConfig(body, now);
                return true;
            case ChunkType.Heartbeat:
                OnHeartbeat(body);
                return true;
            case ChunkType.HeartbeatAck:
                OnHeartbeatAck(body, now);
                return true;
            case ChunkType.Error:
                OnError(body);
                return true;
            case ChunkType.Shutdown:
                OnShutdown(body, now);
                return true;
            case ChunkType.ShutdownAck:
                OnShutdownAck();
                return true;
            case ChunkType.ShutdownComplete:
                if (State == SctpState.ShutdownAckSent)
                    Close(SctpCloseReason.Shutdown);
                return true;
            default:
                return OnUnknownChunk(chunk);
        }
    }

    private static bool IsKnown(byte type) => type <= ChunkType.CookieAck || type == ChunkType.ShutdownComplete;

    private bool OnUnknownChunk(ReadOnlySpan<byte> chunk)
    {
        if ((chunk[0] & 0x40) != 0)
        {
            var quoted = chunk[..Math.Min(chunk.Length, MaxReportedBytes)];
            var cause = new byte[4 + quoted.Length];
            WriteParameterHeader(cause, ErrorCause.UnrecognizedChunk, quoted.Length);
            quoted.CopyTo(cause.AsSpan(4));
            _replies.Add(_peerTag, ChunkType.Error, 0, cause, alone: false);
        }

        return (chunk[0] & 0x80) != 0;
    }

    private bool OnData(byte flags, ReadOnlySpan<byte> body, long now)
    {
        if (State is SctpState.ShutdownReceived or SctpState.ShutdownAckSent)
            return true;
        if (body.Length <= 12)
        {
            if (body.Length == 12)
                EndWithAbort(SctpCloseReason.ProtocolViolation, ErrorCause.NoUserData, body[..4]);
            return false;
        }

        var tsn = BinaryPrimitives.ReadUInt32BigEndian(body);
        var header = new DataHeader(
            flags,
            BinaryPrimitives.ReadUInt16BigEndian(body[4..]),
            BinaryPrimitives.ReadUInt16BigEndian(body[6..]),
            BinaryPrimitives.ReadUInt32BigEndian(body[8..]));
        Counters.DataChunksReceived++;
        _dataInPacket = true;
        if ((flags & DataFlags.Immediate) != 0)
            _sackDue = true;
        var payload = body[12..];
        if (header.Stream >= _incomingStreams)
        {
            // Reported, and acknowledged all the same (RFC 9260, 6.5).
            _received.AcceptNothing(tsn);
            _replies.Add(_peerTag, ChunkType.Error, 0, [0, (byte)ErrorCause.InvalidStream, 0, 8, body[4], body[5], 0, 0], alone: false);
            return true;
        }

        switch (_received.Accept(tsn, header, payload))
        {
            case ChunkVerdict.Duplicate:
                Counters.DuplicatesReceived++;
                _sackDue = true;
                break;
            case ChunkVerdict.Dropped:
                Counters.DataDropped++;
                _sackDue = true;
                break;
            case ChunkVerdict.TooLarge:
                EndWithAbort(SctpCloseReason.ProtocolViolation, ErrorCause.ProtocolViolation, "message too large"u8);
                return false;
        }

        PerformDeferredReset();
        return true;
    }

    /// <summary>At once on gaps, duplicates and request, else for every second packet, else a little later.</summary>
    private void ScheduleSack(long now)
    {
        _unacknowledgedPackets++;
        if (_received.HasGaps || _unacknowledgedPackets >= 2 || State == SctpState.ShutdownSent)
            _sackDue = true;
        else if (_sackTimer == Never)
            _sackTimer = now + _options.DelayedSack;
        if (State == SctpState.ShutdownSent)
            _shutdownDue = true;
    }

    private void OnSack(ReadOnlySpan<byte> body, long now)
    {
        if (body.Length < 12 || State == SctpState.CookieEchoed)
            return;
        int gaps = BinaryPrimitives.ReadUInt16BigEndian(body[8..]);
        int duplicates = BinaryPrimitives.ReadUInt16BigEndian(body[10..]);
        if (12 + 4 * (gaps + duplicates) > body.Length)
            return;
        if (duplicates > 0 && Counters.Retransmissions > 0)
        {
            _needless = true;
            _outstanding.OnNeedlessRetransmission();
        }

        OnAcknowledged(
            BinaryPrimitives.ReadUInt32BigEndian(body),
            BinaryPrimitives.ReadUInt32BigEndian(body[4..]),
            body.Slice(12, 4 * gaps),
            now);
    }

    private void OnForwardTsn(ReadOnlySpan<byte> body)
    {
        if (body.Length < 4 || State is SctpState.ShutdownReceived or SctpState.ShutdownAckSent)
            return;
        var tsn = BinaryPrimitives.ReadUInt32BigEndian(body);
        _dataInPacket = true;
        _sackDue = true;
        if (!Serial.After(tsn, _received.CumulativeTsn))
            return;
        if (_received.SkipTo(tsn, body[4..]) == ChunkVerdict.TooLarge)
            EndWithAbort(SctpCloseReason.ProtocolViolation, ErrorCause.ProtocolViolation, "message too large"u8);
        else
            PerformDeferredReset();
    }

    private void OnHeartbeat(ReadOnlySpan<byte> body)
    {
        if (body.Length <= _packetSize - PacketWriter.HeaderSize - 4)
            _replies.Add(_peerTag, ChunkType.HeartbeatAck, 0, body.ToArray(), alone: false);
    }

    private void OnHeartbeatAck(ReadOnlySpan<byte> body, long now)
    {
        if (body.Length != 20
            || BinaryPrimitives.ReadUInt64BigEndian(body[12..]) != _heartbeatNonce
            || !_heartbeatUnanswered)
            return;
        _heartbeatUnanswered = false;
        _errors = 0;
        _rto.Measure(now - BinaryPrimitives.ReadInt64BigEndian(body[4..]));
    }

    private void OnError(ReadOnlySpan<byte> body)
    {
        while (TryTakeParameter(ref body, out var cause, out _))
        {
            if (cause == ErrorCause.StaleCookie)
                OnStaleCookie();
        }
    }

    private void OnShutdown(ReadOnlySpan<byte> body, long now)
    {
        if (body.Length < 4 || State == SctpState.CookieEchoed)
            return;
        OnAcknowledged(BinaryPrimitives.ReadUInt32BigEndian(body), null, [], now);
        switch (State)
        {
            case SctpState.Established or SctpState.ShutdownPending:
                State = SctpState.ShutdownReceived;
                ProceedWithShutdown(now);
                break;
            case SctpState.ShutdownSent:
                State = SctpState.ShutdownAckSent;
                _shutdownDue = true;
                break;
            case SctpState.ShutdownAckSent:
                _shutdownDue = true;
                break;
        }
    }

    private void OnShutdownAck()
    {
        if (State is not (SctpState.ShutdownSent or SctpState.ShutdownAckSent))
            return;
        var tag = _peerTag;
        Close(SctpCloseReason.Shutdown);
        _replies.Clear();
        _replies.Add(tag, ChunkType.ShutdownComplete, 0, [], alone: true);
    }

    /// <summary>A peer that still talks to an association that is over is told so (RFC 9260, 8.4), a bounded number of times.</summary>
    private void AnswerAfterClose(ReadOnlySpan<byte> chunks, uint tag)
    {
        if (_closedReplies >= MaxClosedReplies)
            return;
        switch (chunks[0])
        {
            case ChunkType.Abort or ChunkType.ShutdownComplete or ChunkType.CookieAck or ChunkType.Error:
                return;
            case ChunkType.ShutdownAck:
                _replies.Add(tag, ChunkType.ShutdownComplete, TagReflected, [], alone: true);
                break;
            case ChunkType.Init when chunks.Length >= 8:
                _replies.Add(BinaryPrimitives.ReadUInt32BigEndian(chunks[4..]), ChunkType.Abort, 0, [], alone: true);
                break;
            default:
                _replies.Add(tag, ChunkType.Abort, TagReflected, [], alone: true);
                break;
        }

        _closedReplies++;
    }
}
