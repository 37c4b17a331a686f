namespace Ball.Link.Peers;

/// <summary>What became of a frame for one peer.</summary>
public enum SendOutcome
{
    /// <summary>It was sent.</summary>
    Sent,

    /// <summary>The peer is not connected (any more), or wants no frames of this kind.</summary>
    NotReady,

    /// <summary>The peer needs a keyframe first.</summary>
    WaitsForKeyframe,

    /// <summary>The peer is still busy with earlier frames.</summary>
    Busy,
}
