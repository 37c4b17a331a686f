namespace SIPSorcery.Tests.Dtls;

/// <summary>The four steps of a handshake, as they look to somebody who only sees the datagrams.</summary>
internal enum DtlsFlight
{
    None,
    ClientHello,
    ServerHello,
    ClientFinished,
    ServerFinished,
}
