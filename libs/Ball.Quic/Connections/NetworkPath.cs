namespace Ball.Quic.Connections;

/// <summary>One way to the peer, and whether the peer was proven to be there (RFC 9000, sections 8 and 9).</summary>
sealed class NetworkPath(PeerAddress remote)
{
    private const int Amplification = 3;

    public PeerAddress Remote { get; } = remote;

    public bool IsValidated { get; set; }

    public long Received { get; set; }

    public long Sent { get; set; }

    public ulong Challenge { get; set; }

    public bool ChallengePending { get; set; }

    public long ChallengeDeadline { get; set; } = long.MaxValue;

    public int ChallengesSent { get; set; }

    public ulong Response { get; set; }

    public bool ResponsePending { get; set; }

    /// <summary>How much may be sent before the peer has proven its address.</summary>
    public long Budget => IsValidated ? long.MaxValue : Amplification * Received - Sent;
}
