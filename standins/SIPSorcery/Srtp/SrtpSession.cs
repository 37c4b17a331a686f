namespace SIPSorcery.Net;

/// <summary>SRTP both ways between two peers, from the keys that DTLS agreed on. Not thread-safe.</summary>
internal sealed class SrtpSession(in SrtpKeys local, in SrtpKeys remote) : IDisposable
{
    /// <summary>For what this side sends.</summary>
    public SrtpDirection Outbound { get; } = new(local);

    /// <summary>For what this side receives.</summary>
    public SrtpDirection Inbound { get; } = new(remote);

    /// <summary>From the exported keying material of a DTLS handshake (RFC 5764, label EXTRACTOR-dtls_srtp).</summary>
    public static SrtpSession FromDtls(SrtpProfile profile, ReadOnlySpan<byte> material, bool isClient) => new(
        SrtpKeys.FromMaterial(profile, material, isClient), SrtpKeys.FromMaterial(profile, material, !isClient));

    public void Dispose()
    {
        Outbound.Dispose();
        Inbound.Dispose();
    }
}
