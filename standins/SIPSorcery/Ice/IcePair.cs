namespace SIPSorcery.Net;

/// <summary>One way to the peer: our socket and an address of the peer, with what is known about it.</summary>
internal sealed class IcePair(NetAddress remote, uint remotePriority, RTCIceCandidateType remoteType)
{
    public NetAddress Remote { get; } = remote;

    public uint RemotePriority { get; set; } = remotePriority;

    public RTCIceCandidateType RemoteType { get; set; } = remoteType;

    /// <summary>The ICE generation the pair belongs to.</summary>
    public required IceCredentials Local { get; set; }

    /// <summary>Null until the peer's description has come.</summary>
    public IceCredentials? Peer { get; set; }

    public ulong Priority { get; set; }

    /// <summary>A check was answered: the way works in both directions.</summary>
    public bool Works { get; set; }

    /// <summary>The controlling side chose it.</summary>
    public bool Nominated { get; set; }

    /// <summary>Checks sent since the last answer.</summary>
    public int Unanswered { get; set; }

    /// <summary>When the next check is due.</summary>
    public long NextCheck { get; set; }

    /// <summary>When the last check was answered.</summary>
    public long LastAnswer { get; set; }

    /// <summary>When the peer was last heard on this pair, by a check or an answer.</summary>
    public long LastHeard { get; set; }

    /// <summary>Checks under way, newest last, each with whether it nominates.</summary>
    public List<(StunTransaction Transaction, bool Nominates)> Checks { get; } = [];
}
