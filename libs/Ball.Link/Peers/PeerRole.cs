namespace Ball.Link.Peers;

/// <summary>Who speaks first; as in aiortc, the offerer listens and the answerer connects.</summary>
public enum PeerRole
{
    Offer,
    Answer,
}
