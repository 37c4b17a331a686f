namespace Ball.Link.Peers;

/// <summary>Why a session ended.</summary>
public enum SessionEndReason
{
    /// <summary>We were asked to.</summary>
    Cancelled,

    /// <summary>The peer said goodbye, or closed the connection.</summary>
    PeerLeft,

    /// <summary>There was no connection in time.</summary>
    NeverConnected,

    /// <summary>The two ends do not fit together, or the peer sent what cannot be understood.</summary>
    Refused,

    /// <summary>The connection was there, and broke.</summary>
    Lost,

    /// <summary>Something of ours failed.</summary>
    Failed,
}
