namespace Ball.Link.Signaling;

/// <summary>What two peers tell each other before they are connected.</summary>
public abstract record SignalingMessage
{
    private protected SignalingMessage()
    {
    }
}

/// <summary>A session description: an offer, or the answer to one.</summary>
public sealed record DescriptionMessage(DescriptionKind Kind, string Sdp) : SignalingMessage;

/// <summary>One more ICE candidate (`candidate:…`) for the m-section that is named by mid and counted by index.</summary>
public sealed record CandidateMessage(string Candidate, string? Mid, int LineIndex) : SignalingMessage;

/// <summary>The peer leaves, on purpose.</summary>
public sealed record ByeMessage : SignalingMessage
{
    public static ByeMessage Instance { get; } = new();
}
