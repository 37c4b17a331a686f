namespace SIPSorcery.Net.Sctp;

/// <summary>How a message is to be sent; the default is ordered and reliable.</summary>
/// <param name="Unordered">May overtake, and be overtaken by, other messages of its stream.</param>
/// <param name="MaxRetransmits">Give up after so many retransmissions of a fragment.</param>
/// <param name="LifetimeMicros">Give up when the message has become so old.</param>
internal readonly record struct SctpSendOptions(bool Unordered = false, int? MaxRetransmits = null, long? LifetimeMicros = null);

/// <summary>What became of a message handed to <c>Send</c>.</summary>
internal enum SctpSendResult
{
    Accepted,

    /// <summary>Too much is waiting; try again when buffered amounts have fallen.</summary>
    BufferFull,

    /// <summary>Larger than the peer takes.</summary>
    TooLarge,

    /// <summary>SCTP cannot carry a message without bytes (WebRTC says empty by the payload protocol).</summary>
    Empty,

    /// <summary>The stream does not exist, or is being reset.</summary>
    StreamClosed,

    /// <summary>The association is shutting down or over.</summary>
    Closed,
}
