using System.Buffers.Binary;

namespace SIPSorcery.Net.Sctp;

// What time brings: retransmission, delayed SACK, heartbeat, and the end in good order.
internal sealed partial class SctpAssociation
{
    private const int MaxProbes = 2;
    private long _retransmissionTimer = Never;
    private long _probeTimer = Never;
    private long _lossTimer = Never;
    private int _probes;
    private long _sackTimer = Never;
    private long _heartbeatTimer = Never;
    private long _shutdownTimer = Never;
    private bool _heartbeatDue;
    private bool _heartbeatUnanswered;
    private ulong _heartbeatNonce;
    private bool _shutdownDue;

    /// <summary>
    /// When <see cref="HandleTimeout"/> wants to be called, in microseconds; <see cref="long.MaxValue"/> for never.
    /// </summary>
    public long NextTimeout => Math.Min(
        Math.Min(Math.Min(_handshakeTimer, _retransmissionTimer), Math.Min(_sackTimer, _heartbeatTimer)),
        Math.Min(Math.Min(_requestTimer, _shutdownTimer), Math.Min(_probeTimer, _lossTimer)));

    /// <summary>Does what is due. Calling too early or too often does no harm.</summary>
    public void HandleTimeout(long now)
    {
        _now = now;
        if (_handshakeTimer <= now)
            OnHandshakeTimeout();
        if (_sackTimer <= now)
        {
            _sackTimer = Never;
            _sackDue = true;
        }

        if (_lossTimer <= now)
            OnLossTimeout(now);
        if (_probeTimer <= now)
            OnProbeTimeout();
        if (_retransmissionTimer <= now)
            OnRetransmissionTimeout(now);
        if (_requestTimer <= now)
            OnRequestTimeout();
        if (_shutdownTimer <= now)
            OnShutdownTimeout();
        if (_heartbeatTimer <= now)
            OnHeartbeatTimeout(now);
    }

    private void ArmRetransmission(long now)
    {
        // Before the peer has answered the cookie, DATA goes again with that, by its timer.
        if (State < SctpState.Established)
            return;
        _retransmissionTimer = now + _rto.Current;
        var probe = _rto.Probe << _probes;
        _probeTimer = _rto.SmoothedRoundTrip > 0 && _probes < MaxProbes && probe < _rto.Current ? now + probe : Never;
    }

    private void OnLossTimeout(long now)
    {
        _lossTimer = Never;
        if (_outstanding.DetectLosses(_rto.SmoothedRoundTrip, now))
            OnLoss(now);
        _lossTimer = _outstanding.LossTime;
    }

    /// <summary>
    /// Nothing was heard for a while. The last packets of a burst have none after them whose arrival would show them lost,
    /// so one is repeated: its acknowledgement shows what is missing,
    /// long before the time-out that would shrink the window to nothing.
    /// </summary>
    private void OnProbeTimeout()
    {
        _probeTimer = Never;
        if (_outstanding.LostCount > 0 || !_outstanding.MarkProbe())
            return;
        _probes++;
        _mayExceedWindow = true;
    }

    private void OnHeartbeatTimeout(long now)
    {
        // While data is under way, its acknowledgements show whether the path lives.
        if (_heartbeatUnanswered && _outstanding.Count == 0 && Fails())
            return;
        _heartbeatUnanswered = false;
        _heartbeatDue = _outstanding.Count == 0;
        _heartbeatTimer = now + _options.HeartbeatInterval;
    }

    private void WriteHeartbeat(ref PacketWriter writer, long now)
    {
        if (!writer.Fits(20))
            return;
        Span<byte> nonce = stackalloc byte[8];
        _options.Random(nonce);
        _heartbeatNonce = BinaryPrimitives.ReadUInt64BigEndian(nonce);
        var body = writer.Add(ChunkType.Heartbeat, 0, 20);
        WriteParameterHeader(body, ParameterType.HeartbeatInfo, 16);
        BinaryPrimitives.WriteInt64BigEndian(body[4..], now);
        BinaryPrimitives.WriteUInt64BigEndian(body[12..], _heartbeatNonce);
        _heartbeatDue = false;
        _heartbeatUnanswered = true;

        // An unanswered one is repeated sooner than an idle interval.
        _heartbeatTimer = now + Math.Min(_options.HeartbeatInterval, Math.Max(_rto.Current, _options.HeartbeatInterval / 4));
    }

    private void ProceedWithShutdown()
    {
        if (_queue.Buffered > 0 || _outstanding.Count > 0)
            return;
        if (State == SctpState.ShutdownPending)
            State = SctpState.ShutdownSent;
        else if (State == SctpState.ShutdownReceived)
            State = SctpState.ShutdownAckSent;
        else
            return;
        _shutdownDue = true;
        _errors = 0;
    }

    private void WriteShutdown(ref PacketWriter writer, long now)
    {
        if (!writer.Fits(4))
            return;
        _shutdownDue = false;
        if (State == SctpState.ShutdownSent)
            BinaryPrimitives.WriteUInt32BigEndian(writer.Add(ChunkType.Shutdown, 0, 4), _received.CumulativeTsn);
        else if (State == SctpState.ShutdownAckSent)
            writer.Add(ChunkType.ShutdownAck, 0, 0);
        _shutdownTimer = now + _rto.Current;
    }

    private void OnShutdownTimeout()
    {
        _shutdownTimer = Never;
        if (Fails())
            return;
        _rto.BackOff();
        _shutdownDue = true;
    }
}
