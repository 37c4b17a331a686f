using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Ball.WebTransport;

/// <summary>
/// A certificate that browsers accept by its hash: self-signed, ECDSA P-256, valid for less than fourteen days. A page
/// names the hash in <c>serverCertificateHashes</c>.
/// </summary>
public sealed class ServerCertificate : IDisposable
{
    private static readonly TimeSpan s_backdating = TimeSpan.FromHours(1);

    private ServerCertificate(X509Certificate2 certificate)
    {
        Certificate = certificate;
        Hash = SHA256.HashData(certificate.RawData);
    }

    /// <summary>How long one is valid.</summary>
    public static TimeSpan Lifetime { get; } = TimeSpan.FromDays(13);

    /// <summary>The SHA-256 hash of the certificate.</summary>
    public byte[] Hash { get; }

    /// <summary>When it ends.</summary>
    public DateTimeOffset NotAfter => new(Certificate.NotAfter);

    internal X509Certificate2 Certificate { get; }

    /// <summary>Makes one that is valid from now on.</summary>
    public static ServerCertificate Create(TimeProvider? time = null)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=BallAspire", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        names.AddIpAddress(IPAddress.IPv6Loopback);
        request.CertificateExtensions.Add(names.Build());
        var begin = (time ?? TimeProvider.System).GetUtcNow() - s_backdating;
        return new ServerCertificate(request.CreateSelfSigned(begin, begin + Lifetime));
    }

    /// <inheritdoc/>
    public void Dispose() => Certificate.Dispose();
}
