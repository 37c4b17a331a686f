using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace SIPSorcery.Net;

/// <summary>A self-signed certificate for DTLS; its fingerprint in the session description tells whose it is.</summary>
internal sealed class DtlsCertificate
{
    private const int KeyTypeRsa = 6;
    private const int KeyTypeEc = 408;

    private DtlsCertificate(X509Certificate2 certificate, byte[] key, int keyType)
    {
        Certificate = certificate.RawData;
        Key = key;
        KeyType = keyType;
        Fingerprint = DtlsFingerprint.Sha256Of(Certificate);
    }

    public byte[] Certificate { get; }

    public byte[] Key { get; }

    /// <summary>OpenSSL's number for the kind of key.</summary>
    public int KeyType { get; }

    public RTCDtlsFingerprint Fingerprint { get; }

    public string SignatureAlgorithm => KeyType == KeyTypeRsa ? "SHA256WITHRSA" : "SHA256WITHECDSA";

    public static DtlsCertificate Create(DateTimeOffset now, bool useRsa = false)
    {
        // A name that says nothing, as browsers use.
        const string Name = "CN=WebRTC";
        if (useRsa)
        {
            using var rsa = RSA.Create(2048);
            return Sign(
                new CertificateRequest(Name, rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1),
                now, rsa.ExportRSAPrivateKey(), KeyTypeRsa);
        }

        using var ecdsa = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return Sign(new CertificateRequest(Name, ecdsa, HashAlgorithmName.SHA256), now, ecdsa.ExportECPrivateKey(), KeyTypeEc);
    }

    private static DtlsCertificate Sign(CertificateRequest request, DateTimeOffset now, byte[] key, int keyType)
    {
        // Started a day ago, so that a peer whose clock is behind takes it.
        using var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(30));
        return new DtlsCertificate(certificate, key, keyType);
    }
}
