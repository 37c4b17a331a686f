namespace SIPSorcery.Net.Sctp;

internal enum SctpEventKind
{
    None,
    Connected,
    Message,

    /// <summary>The peer reset its outgoing stream: nothing more comes on it.</summary>
    IncomingStreamReset,

    /// <summary>The reset of our outgoing stream is done.</summary>
    OutgoingStreamReset,

    /// <summary>A stream's buffered amount fell to its threshold.</summary>
    BufferedAmountLow,
    Closed,
}

/// <summary>Why an association ended.</summary>
internal enum SctpCloseReason
{
    None,

    /// <summary>Both sides shut down in good order.</summary>
    Shutdown,

    /// <summary>Aborted here.</summary>
    LocalAbort,

    /// <summary>Aborted by the peer.</summary>
    PeerAbort,

    /// <summary>The peer never answered the handshake.</summary>
    ConnectTimeout,

    /// <summary>The peer stopped answering.</summary>
    PathFailure,

    /// <summary>The peer lost its state and tried to begin anew on this association.</summary>
    PeerRestarted,

    /// <summary>The peer sent more than was agreed, or what the protocol forbids.</summary>
    ProtocolViolation,
}

/// <summary>Something the association has to tell its owner.</summary>
internal readonly record struct SctpEvent(
    SctpEventKind Kind,
    ushort Stream = 0,
    uint PayloadProtocol = 0,
    byte[]? Data = null,
    SctpCloseReason Reason = SctpCloseReason.None);
