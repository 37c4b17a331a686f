using System.Buffers.Binary;

namespace SIPSorcery.Net.Sctp;

/// <summary>
/// One SCTP association for data channels (RFC 9260 with 3758, 6525, 7053 and 8831). It owns no socket, thread or clock:
/// packets and microseconds of a monotonic clock come in; packets, events and the next time-out go out. Not safe for several
/// threads at once.
/// </summary>
/// <remarks>
/// After every call, drain: poll events until none is left, poll packets until 0, then arm a timer for
/// <see cref="NextTimeout"/>. Draining after a whole batch of received packets is better than after each:
/// one SACK then answers the batch.
/// </remarks>
internal sealed partial class SctpAssociation
{
    private const long Never = long.MaxValue;
    private readonly SctpOptions _options;
    private readonly byte[] _cookieKey = new byte[32];
    private readonly EventQueue _events = new();
    private readonly SendQueue _queue;
    private readonly Outstanding _outstanding;
    private readonly ReceiveBuffer _received;
    private readonly RetransmissionTimeout _rto;
    private readonly CongestionWindow _window;
    private readonly ControlReplies _replies = new();
    private readonly uint _localTag;
    private readonly uint _localTsn;
    private uint _peerTag;
    private PeerFeatures _peerFeatures;
    private ushort _outgoingStreams;
    private ushort _incomingStreams;
    private int _errors;

    // Some message was ever sent that may be given up.
    private bool _partiallyReliable;

    public SctpAssociation(SctpOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxPacketSize, 800);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.MaxPacketSize, 65532);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxReceiveMessageSize, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.ReceiveWindow, 4096);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MinRto, 1000);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxRto, options.MinRto);

        // The largest message must fit beside what a burst brings, or it could never be completed.
        var window = Math.Max(options.ReceiveWindow, options.MaxReceiveMessageSize + 64 * 1024);
        options = options with { ReceiveWindow = window };
        _options = options;
        _packetSize = options.MaxPacketSize & ~3;
        options.Random(_cookieKey);
        _localTag = RandomTag();
        _localTsn = RandomUInt32();
        _queue = new SendQueue(_events);
        _outstanding = new Outstanding(_queue, Counters, _localTsn);
        _received = new ReceiveBuffer(_events, options.ReceiveWindow, options.MaxReceiveMessageSize);
        _rto = new RetransmissionTimeout(options);
        _window = new CongestionWindow(_packetSize, options.InitialWindowPackets);
        _nextRequest = _localTsn;
    }

    public SctpState State { get; private set; } = SctpState.New;

    public SctpCloseReason CloseReason { get; private set; }

    public SctpCounters Counters { get; } = new();

    /// <summary>Bytes accepted on all streams that were never sent yet.</summary>
    public long TotalBufferedAmount => _queue.Buffered;

    /// <summary>Bytes held for the peer: out of order, incomplete or waiting to be polled.</summary>
    public long ReceiveHeld => _received.Held;

    /// <summary>Smoothed round trip in microseconds, 0 when none was measured.</summary>
    public long RoundTrip => _rto.SmoothedRoundTrip;

    public long CongestionWindowSize => _window.Size;

    /// <summary>Number of streams that may be sent on; known once connected.</summary>
    public int OutgoingStreams => _outgoingStreams;

    /// <summary>Starts the handshake. Both sides may; a side that does not answers all the same.</summary>
    public void Connect(long now)
    {
        if (State != SctpState.New)
            return;
        State = SctpState.CookieWait;
        _handshakeDue = true;
    }

    /// <summary>
    /// Takes a message to send, now or when connected. The bytes are copied. A message is always taken when nothing waits,
    /// however small the limit.
    /// </summary>
    public SctpSendResult Send(ushort stream, uint ppid, ReadOnlySpan<byte> data, in SctpSendOptions options, long now)
    {
        if (State > SctpState.Established)
            return SctpSendResult.Closed;
        if (data.IsEmpty)
            return SctpSendResult.Empty;
        if (data.Length > _options.MaxSendMessageSize)
            return SctpSendResult.TooLarge;
        if (stream >= (HasPeer ? _outgoingStreams : _options.Streams))
            return SctpSendResult.StreamClosed;
        var target = _queue.Stream(stream);
        if (target.ResetWanted)
            return SctpSendResult.StreamClosed;

        // The few bytes that open a channel do not wait for room.
        if (ppid != Dcep.Control && _queue.Buffered > 0 && _queue.Buffered + data.Length > _options.SendBufferLimit)
            return SctpSendResult.BufferFull;
        _partiallyReliable |= options.MaxRetransmits is not null || options.LifetimeMicros is not null;
        _queue.Enqueue(target, ppid, data, options, now);
        return SctpSendResult.Accepted;
    }

    /// <summary>Bytes accepted on a stream that were never sent yet.</summary>
    public long BufferedAmount(ushort stream) => _queue.Find(stream)?.Buffered ?? 0;

    public void SetBufferedAmountLowThreshold(ushort stream, long threshold) => _queue.Stream(stream).LowThreshold = threshold;

    /// <summary>
    /// Share of the link relative to other streams; 256 is normal (RFC 8831, 6.4), and so is the 0 of peers that do not
    /// care.
    /// </summary>
    public void SetPriority(ushort stream, ushort priority) =>
        _queue.Stream(stream).Weight = priority == 0 ? OutgoingStream.NormalWeight : priority;

    public bool HasEvents => !_events.IsEmpty;

    public bool TryPollEvent(out SctpEvent polled)
    {
        if (!_events.TryTake(out polled))
            return false;

        // A peer that was told of a closed window must hear that it is open again.
        if (_advertisedWindow < ClosedWindow && HasPeer && _received.Window >= 2 * ClosedWindow)
            _sackDue = true;
        return true;
    }

    /// <summary>Ends in good order: what was accepted is delivered first.</summary>
    public void Shutdown()
    {
        if (State < SctpState.Established)
        {
            Close(SctpCloseReason.LocalAbort);
        }
        else if (State == SctpState.Established)
        {
            State = SctpState.ShutdownPending;
            ProceedWithShutdown();
        }
    }

    /// <summary>Ends at once; one ABORT waits to be polled.</summary>
    public void Abort(string? reason = null)
    {
        if (State == SctpState.Closed)
            return;
        EndWithAbort(SctpCloseReason.LocalAbort, ErrorCause.UserInitiated,
            reason is null ? [] : System.Text.Encoding.UTF8.GetBytes(reason));
    }

    private bool HasPeer => State is > SctpState.CookieWait and < SctpState.Closed;

    private long ClosedWindow => Math.Min(_options.ReceiveWindow / 4, 2L * _packetSize);

    private void Establish(long now)
    {
        State = SctpState.Established;
        _handshakeTimer = Never;
        _handshakeDue = false;
        _cookie = null;
        _errors = 0;
        _heartbeatTimer = _options.HeartbeatInterval > 0 ? now + _options.HeartbeatInterval : Never;
        if (_outstanding.Count > 0 && _retransmissionTimer == Never)
            ArmRetransmission(now);
        _events.Add(new SctpEvent(SctpEventKind.Connected));
    }

    private void EndWithAbort(SctpCloseReason reason, ushort cause, ReadOnlySpan<byte> info)
    {
        Close(reason);
        if (_peerTag != 0)
        {
            info = info[..Math.Min(info.Length, 256)];
            var body = new byte[4 + info.Length];
            BinaryPrimitives.WriteUInt16BigEndian(body, cause);
            BinaryPrimitives.WriteUInt16BigEndian(body.AsSpan(2), (ushort)body.Length);
            info.CopyTo(body.AsSpan(4));
            _replies.Add(_peerTag, ChunkType.Abort, 0, body, alone: true);
        }
    }

    private void Close(SctpCloseReason reason)
    {
        if (State == SctpState.Closed)
            return;
        State = SctpState.Closed;
        CloseReason = reason;
        _replies.Clear();
        _queue.Clear();
        _outstanding.Clear();
        _received.Clear();
        _handshakeTimer = _retransmissionTimer = _sackTimer = _heartbeatTimer = _requestTimer = _shutdownTimer = Never;
        _probeTimer = _lossTimer = Never;
        _handshakeDue = _sackDue = _cookieAckDue = _shutdownDue = _heartbeatDue = _requestDue = _forwardDue = false;
        _cookie = null;
        _resetWanted.Clear();
        _resetting.Clear();
        _deferred = null;
        _events.Add(new SctpEvent(SctpEventKind.Closed, Reason: reason));
    }

    /// <summary>Counts an unanswered transmission; true when that was one too many and the association is over.</summary>
    private bool Fails()
    {
        if (++_errors <= _options.MaxRetransmissions)
            return false;
        EndWithAbort(SctpCloseReason.PathFailure, ErrorCause.UserInitiated, "path failure"u8);
        return true;
    }

    private uint RandomUInt32()
    {
        Span<byte> bytes = stackalloc byte[4];
        _options.Random(bytes);
        return BinaryPrimitives.ReadUInt32BigEndian(bytes);
    }

    // Zero is the tag of INIT packets, so no association may have it.
    private uint RandomTag() => RandomUInt32() is var tag and not 0 ? tag : 1;
}
