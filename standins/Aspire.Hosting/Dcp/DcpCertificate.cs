using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Aspire.Hosting.Dcp;

/// <summary>
/// The engine's certificate for one session. Made here, because an elliptic curve key takes milliseconds, where the
/// engine would spend seconds on a large RSA key of its own.
/// </summary>
internal sealed record DcpCertificate(string CertificateFile, string KeyFile, string Thumbprint)
{
    public static DcpCertificate Create(string folder)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        names.AddIpAddress(IPAddress.IPv6Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(30));

        var (certificateFile, keyFile) = (Path.Join(folder, "tls.crt"), Path.Join(folder, "tls.key"));
        File.WriteAllText(certificateFile, certificate.ExportCertificatePem());
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var writer = new StreamWriter(keyFile, options)) writer.Write(key.ExportPkcs8PrivateKeyPem());
        return new DcpCertificate(certificateFile, keyFile, certificate.Thumbprint);
    }
}
