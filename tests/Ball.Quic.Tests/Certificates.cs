using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Ball.Quic.Tests;

static class Certificates
{
    public static X509Certificate2 Create()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddDays(12));
    }

    public static byte[] HashOf(X509Certificate2 certificate) => SHA256.HashData(certificate.RawData);
}
