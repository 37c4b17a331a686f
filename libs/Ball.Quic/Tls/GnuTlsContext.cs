using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Ball.Quic.Tls;

/// <summary>What the handshakes of one endpoint share: certificate, ciphers, protocol.</summary>
sealed class GnuTlsContext : ITlsContext
{
    private const string Ciphers =
        "NORMAL:-VERS-ALL:+VERS-TLS1.3:-CIPHER-ALL:+AES-128-GCM:+AES-256-GCM:+CHACHA20-POLY1305" +
        ":-GROUP-ALL:+GROUP-X25519:+GROUP-SECP256R1:+GROUP-SECP384R1:%DISABLE_TLS13_COMPAT_MODE";

    private readonly GnuTlsPriorityHandle _priority;
    private readonly GnuTlsCredentialsHandle _credentials;
    private readonly byte[] _protocol;
    private readonly bool _isServer;
    private readonly byte[]? _pinnedHash;

    private GnuTlsContext(bool isServer, string protocol, byte[]? pinnedHash, string ciphers)
    {
        if (!GnuTls.IsSupported)
            throw new QuicException(GnuTls.Missing);
        _isServer = isServer;
        _pinnedHash = pinnedHash;
        _protocol = Encoding.ASCII.GetBytes(protocol);
        GnuTls.Check(GnuTls.PriorityInit(out _priority, ciphers, 0));
        GnuTls.Check(GnuTls.AllocateCredentials(out _credentials));
    }

    public static unsafe GnuTlsContext ForServer(X509Certificate2 certificate, string protocol)
    {
        var context = new GnuTlsContext(true, protocol, null, Ciphers);
        using var key = certificate.GetECDsaPrivateKey()
            ?? throw new QuicException("the certificate needs an ECDSA private key");
        byte[] certificatePem = Encoding.ASCII.GetBytes(certificate.ExportCertificatePem());
        byte[] keyPem = Encoding.ASCII.GetBytes(key.ExportPkcs8PrivateKeyPem());
        fixed (byte* certificateData = certificatePem, keyData = keyPem)
        {
            GnuTls.Check(GnuTls.SetKey(context._credentials,
                new GnuTls.Datum { Data = certificateData, Size = (uint)certificatePem.Length },
                new GnuTls.Datum { Data = keyData, Size = (uint)keyPem.Length }, GnuTls.FormatPem));
        }

        return context;
    }

    /// <summary>For a client that trusts exactly one certificate, known by its SHA-256 hash.</summary>
    public static GnuTlsContext ForClient(byte[] certificateHash, string protocol, string? ciphers = null) =>
        new(false, protocol, certificateHash, ciphers ?? Ciphers);

    public ITlsHandshake CreateHandshake() => new GnuTlsHandshake(_isServer, _priority, _credentials, _protocol, _pinnedHash);

    public void Dispose()
    {
        _credentials.Dispose();
        _priority.Dispose();
    }
}
