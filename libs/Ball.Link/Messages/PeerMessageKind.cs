namespace Ball.Link.Messages;

/// <summary>What a text on the data channel turned out to be.</summary>
public enum PeerMessageKind : byte
{
    /// <summary>Nothing we know; to be ignored, and counted.</summary>
    Unknown,

    /// <summary>Where the ball was seen.</summary>
    Coordinates,

    /// <summary>The peer knows this protocol.</summary>
    Hello,

    /// <summary>The peer asks for our clock.</summary>
    ClockAsk,

    /// <summary>The peer answers with its clock.</summary>
    ClockAnswer,
}
