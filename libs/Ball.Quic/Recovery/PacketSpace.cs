using Ball.Quic.Crypto;
using Ball.Quic.Packets;
using Ball.Quic.Streams;
using Ball.Quic.Tls;

namespace Ball.Quic.Recovery;

/// <summary>One of the three packet number spaces: its keys, its handshake bytes, what went out and what came in.</summary>
sealed class PacketSpace(EncryptionLevel level)
{
    private const int MaxRanges = 64;
    private const long AckDelay = 20_000;

    private readonly RangeSet _received = new();
    private int _elicitingSinceAck;

    public EncryptionLevel Level { get; } = level;

    public PacketSealer? Sealer { get; set; }

    public PacketOpener? Opener { get; set; }

    public bool IsDiscarded { get; private set; }

    public SendBuffer CryptoOut { get; } = new(64 * 1024);

    public ReceiveBuffer CryptoIn { get; } = new(64 * 1024);

    public SentLog Sent { get; } = new();

    public long NextNumber { get; set; }

    public long LargestAcked { get; set; } = -1;

    public long LossTime { get; set; } = long.MaxValue;

    public long LastElicitingSentAt { get; set; }

    public int ElicitingInFlight { get; set; }

    /// <summary>Probe packets that go next, whatever the window says.</summary>
    public int Probes { get; set; }

    public long LargestReceived { get; private set; } = -1;

    public long LargestReceivedAt { get; private set; }

    /// <summary>When an acknowledgement has to go at the latest.</summary>
    public long AckDeadline { get; private set; } = long.MaxValue;

    /// <summary>The lowest number of interest; what is below was received, or does not matter any more.</summary>
    public long ReceivedFloor { get; private set; }

    public ReadOnlySpan<NumberRange> Received => _received.Ranges;

    public bool WasReceived(long number) => number < ReceivedFloor || _received.Contains(number);

    public void NoteReceived(long number, bool ackEliciting, long now)
    {
        bool inOrder = number == LargestReceived + 1;
        _received.Add(number, number + 1);
        while (_received.Count > MaxRanges)
        {
            ReceivedFloor = _received.Ranges[0].End;
            _received.RemoveFirst();
        }

        if (number > LargestReceived)
        {
            LargestReceived = number;
            LargestReceivedAt = now;
        }

        if (!ackEliciting)
            return;
        _elicitingSinceAck++;
        bool atOnce = Level != EncryptionLevel.Application || _elicitingSinceAck >= 2 || !inOrder;
        AckDeadline = Math.Min(AckDeadline, atOnce ? now : now + AckDelay);
    }

    public bool AckIsDue(long now) => AckDeadline <= now && _received.Count > 0;

    public bool HasAck => AckDeadline != long.MaxValue && _received.Count > 0;

    public void NoteAckSent()
    {
        AckDeadline = long.MaxValue;
        _elicitingSinceAck = 0;
    }

    /// <summary>The peer knows of everything up to here; it need not be told again.</summary>
    public void AckWasAcked(long largest)
    {
        // The newest range stays, so that a late duplicate of its numbers is still recognized.
        while (_received.Count > 1 && _received.Ranges[0].End <= largest)
        {
            ReceivedFloor = _received.Ranges[0].End;
            _received.RemoveFirst();
        }
    }

    public void Discard()
    {
        IsDiscarded = true;
        Sealer?.Dispose();
        Opener?.Dispose();
        Sealer = null;
        Opener = null;
        AckDeadline = LossTime = long.MaxValue;
        Probes = 0;
        CryptoOut.Release();
        CryptoIn.Release();
    }
}
