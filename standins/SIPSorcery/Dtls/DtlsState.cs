namespace SIPSorcery.Net;

/// <summary>The life of a DTLS session.</summary>
internal enum DtlsState
{
    New,
    Handshaking,
    Connected,
    Closed,
    Failed,
}
