namespace SIPSorcery.Net.Sctp;

/// <summary>
/// The life of an association (RFC 9260, figure 3); <see cref="New"/> also answers a peer that connects first.
/// </summary>
internal enum SctpState
{
    New,
    CookieWait,
    CookieEchoed,
    Established,
    ShutdownPending,
    ShutdownSent,
    ShutdownReceived,
    ShutdownAckSent,
    Closed,
}
