using Ball.Quic.Packets;
using Ball.Quic.Tls;

namespace Ball.Quic.Recovery;

/// <summary>Finds out what was lost, and when to probe (RFC 9002, section 6 and appendix A). Times in microseconds.</summary>
sealed class LossRecovery(PacketSpace[] spaces, IFrameFate fate, int packetSize)
{
    private const int ReorderingThreshold = 3;
    private const int MaxBackoff = 10;

    private const int MaxPool = 4096;

    private readonly Stack<SentPacket> _pool = new();
    private int _probeCount;

    public RttEstimate Rtt { get; } = new();

    public NewReno Congestion { get; } = new(packetSize);

    public Pacer Pacer { get; } = new(packetSize);

    /// <summary>How long the peer may hold back an acknowledgement.</summary>
    public long PeerMaxAckDelay { get; set; } = 25_000;

    public bool HandshakeConfirmed { get; set; }

    /// <summary>A client has to send something when the server may not (its amplification limit).</summary>
    public bool PeerMayBeBlocked { get; set; }

    /// <summary>This side may send nothing until more arrives, so that no timer helps.</summary>
    public bool IsBlocked { get; set; }

    /// <summary>Packets given up so far.</summary>
    public long PacketsLost { get; private set; }

    /// <summary>Times in a row that no answer came to a probe.</summary>
    public int ProbeCount => _probeCount;

    public long ProbeTimeout => Rtt.ProbeTimeout + (HandshakeConfirmed ? PeerMaxAckDelay : 0);

    public SentPacket Rent() => _pool.TryPop(out var packet) ? packet : new SentPacket();

    public void OnSent(PacketSpace space, SentPacket packet, long now)
    {
        packet.SentAt = now;
        space.Sent.Add(packet);
        if (packet.AckEliciting)
        {
            space.LastElicitingSentAt = now;
            space.ElicitingInFlight++;
        }

        if (!packet.InFlight)
            return;
        Congestion.Sent(packet.Size);
        Pacer.Sent(packet.Size);
    }

    /// <summary>Takes one range of an ACK frame. Ranges come highest first; the first one brings the round trip time.</summary>
    public void OnAckRange(PacketSpace space, long smallest, long largest, ref AckResult result, bool windowUsed)
    {
        long first = Math.Max(smallest, space.Sent.First);
        long last = Math.Min(largest, space.Sent.End - 1);
        for (long number = last; number >= first; number--)
        {
            if (space.Sent[number] is not { } packet)
                continue;
            if (number == result.Largest)
                result.LargestSentAt = packet.SentAt;
            result.Any = true;
            result.AnyEliciting |= packet.AckEliciting;
            if (packet.InFlight)
                Congestion.Acked(packet.Size, packet.SentAt, windowUsed);
            foreach (ref readonly var frame in System.Runtime.InteropServices.CollectionsMarshal.AsSpan(packet.Frames))
                fate.FrameAcked(space.Level, frame);
            Forget(space, packet);
        }
    }

    public void OnAckEnd(PacketSpace space, in AckResult result, long ackDelay, long now)
    {
        space.LargestAcked = Math.Max(space.LargestAcked, result.Largest);
        if (result.LargestSentAt >= 0 && result.AnyEliciting)
            Rtt.Add(Math.Max(1, now - result.LargestSentAt), HandshakeConfirmed ? Math.Min(ackDelay, PeerMaxAckDelay) : ackDelay);
        if (!result.Any)
            return;
        DetectLost(space, now);
        if (!PeerMayBeBlocked)
            _probeCount = 0;
    }

    /// <summary>When something has to be done if nothing arrives.</summary>
    public long NextTimeout()
    {
        long loss = long.MaxValue;
        foreach (var space in spaces)
            loss = Math.Min(loss, space.LossTime);
        if (loss != long.MaxValue)
            return loss;
        return IsBlocked ? long.MaxValue : ProbeTime(out _);
    }

    public void OnTimeout(long now)
    {
        bool anyLoss = false;
        foreach (var space in spaces)
        {
            if (space.LossTime > now)
                continue;
            DetectLost(space, now);
            anyLoss = true;
        }

        if (anyLoss || IsBlocked || ProbeTime(out var probed) > now || probed is null)
            return;
        if (_probeCount < MaxBackoff)
            _probeCount++;
        probed.Probes = 2;

        // What is oldest goes again: a probe should carry something useful. In a handshake that is all of the flight,
        // since what follows in the same datagram costs nothing.
        if (probed.Level == EncryptionLevel.Application)
        {
            Renew(probed, 2);
            return;
        }

        RenewHandshake();
    }

    /// <summary>The peer seems not to have got our flight: it goes again before its time-out (RFC 9002, section 6.2.3).</summary>
    public void RenewHandshake()
    {
        for (int i = 0; i < 2; i++)
        {
            Renew(spaces[i], int.MaxValue);

            // The window must not hold it back: without the first space's bytes the peer cannot acknowledge the second's.
            if (spaces[i].CryptoOut.HasLost || spaces[i].CryptoOut.HasNew)
                spaces[i].Probes = Math.Max(spaces[i].Probes, 1);
        }
    }

    /// <summary>The space's keys are gone; what was on its way in it does not matter.</summary>
    public void Discard(PacketSpace space)
    {
        ForgetSent(space);
        space.Discard();
        _probeCount = 0;
    }

    /// <summary>What was sent in the space is nobody's any more.</summary>
    public void ForgetSent(PacketSpace space)
    {
        for (long number = space.Sent.First; number < space.Sent.End; number++)
        {
            if (space.Sent[number] is not { } packet)
                continue;
            if (packet.InFlight)
                Congestion.Forget(packet.Size);
            Forget(space, packet);
        }
    }

    public void OnNewPath()
    {
        Rtt.Reset();
        Congestion.Reset();
        _probeCount = 0;
    }

    private long ProbeTime(out PacketSpace? earliest)
    {
        earliest = null;
        long best = long.MaxValue;
        long backoff = 1L << _probeCount;
        foreach (var space in spaces)
        {
            if (space.ElicitingInFlight == 0 || space.IsDiscarded)
                continue;
            if (space.Level == EncryptionLevel.Application && !HandshakeConfirmed)
                continue;
            long delay = Rtt.ProbeTimeout + (space.Level == EncryptionLevel.Application ? PeerMaxAckDelay : 0);
            long time = space.LastElicitingSentAt + delay * backoff;
            if (time >= best)
                continue;
            best = time;
            earliest = space;
        }

        if (earliest is null && PeerMayBeBlocked)
        {
            earliest = spaces[1].Sealer is not null ? spaces[1] : spaces[0];
            best = Math.Max(spaces[0].LastElicitingSentAt, spaces[1].LastElicitingSentAt) + Rtt.ProbeTimeout * backoff;
        }

        return best;
    }

    private void DetectLost(PacketSpace space, long now)
    {
        space.LossTime = long.MaxValue;
        long delay = Rtt.LossDelay;
        long lastLostSentAt = -1, firstLostSentAt = -1;
        for (long number = space.Sent.First; number <= space.LargestAcked && number < space.Sent.End; number++)
        {
            if (space.Sent[number] is not { } packet)
                continue;
            if (packet.SentAt + delay > now && space.LargestAcked - number < ReorderingThreshold)
            {
                space.LossTime = Math.Min(space.LossTime, packet.SentAt + delay);
                continue;
            }

            if (packet.InFlight)
            {
                Congestion.Lost(packet.Size);
                lastLostSentAt = Math.Max(lastLostSentAt, packet.SentAt);
                if (firstLostSentAt < 0 && packet.AckEliciting)
                    firstLostSentAt = packet.SentAt;
            }

            foreach (ref readonly var frame in System.Runtime.InteropServices.CollectionsMarshal.AsSpan(packet.Frames))
                fate.FrameLost(space.Level, frame);
            Forget(space, packet);
            PacketsLost++;
        }

        if (lastLostSentAt < 0)
            return;
        Congestion.Congestion(lastLostSentAt, now);
        long persistent = 3 * (Rtt.ProbeTimeout + PeerMaxAckDelay);
        if (Rtt.HasSample && firstLostSentAt >= 0 && lastLostSentAt - firstLostSentAt > persistent)
            Congestion.PersistentCongestion();
    }

    private void Renew(PacketSpace space, int packets)
    {
        for (long number = space.Sent.First; number < space.Sent.End && packets > 0; number++)
        {
            if (space.Sent[number] is not { AckEliciting: true } packet)
                continue;
            foreach (var frame in packet.Frames)
                fate.FrameLost(space.Level, frame);
            packets--;
        }
    }

    private void Forget(PacketSpace space, SentPacket packet)
    {
        space.Sent.Remove(packet.Number);
        if (packet.AckEliciting)
            space.ElicitingInFlight--;
        Recycle(packet);
    }

    public void Recycle(SentPacket packet)
    {
        packet.Clear();
        if (_pool.Count < MaxPool)
            _pool.Push(packet);
    }
}
