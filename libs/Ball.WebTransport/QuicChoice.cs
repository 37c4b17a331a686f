namespace Ball.WebTransport;

/// <summary>Whose QUIC to use.</summary>
public enum QuicChoice
{
    /// <summary>The built-in one where its library is there (it is the quicker one, and has datagrams), else MsQuic.</summary>
    Auto,

    /// <summary>This repository's own, with TLS by GnuTLS.</summary>
    BuiltIn,

    /// <summary>System.Net.Quic, with libmsquic.</summary>
    MsQuic
}
