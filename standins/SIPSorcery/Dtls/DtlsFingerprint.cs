using System.Security.Cryptography;

namespace SIPSorcery.Net;

/// <summary>Hashes of certificates as SDP writes them.</summary>
internal static class DtlsFingerprint
{
    public static bool IsKnown(string algorithm) => Name(algorithm) is not null;

    /// <summary>True when the certificate has the fingerprint.</summary>
    public static bool Matches(RTCDtlsFingerprint fingerprint, ReadOnlySpan<byte> certificate)
    {
        if (Name(fingerprint.algorithm) is not { } hash)
        {
            return false;
        }

        Span<byte> actual = stackalloc byte[64];
        var length = CryptographicOperations.HashData(hash, certificate, actual);
        Span<byte> expected = stackalloc byte[64];
        return TryReadHex(fingerprint.value, expected, out var given) && given == length &&
            CryptographicOperations.FixedTimeEquals(actual[..length], expected[..length]);
    }

    public static RTCDtlsFingerprint Sha256Of(ReadOnlySpan<byte> certificate) => new()
    {
        algorithm = "sha-256",
        value = string.Join(':', SHA256.HashData(certificate).Select(b => b.ToString("X2"))),
    };

    /// <summary>Whether the text has the form of a hash of the algorithm.</summary>
    public static bool IsWellFormed(RTCDtlsFingerprint fingerprint)
    {
        Span<byte> hash = stackalloc byte[64];
        var length = Name(fingerprint.algorithm)?.Name switch { "SHA1" => 20, "SHA256" => 32, "SHA384" => 48, _ => 64 };
        return TryReadHex(fingerprint.value, hash, out var given) && given == length;
    }

    private static HashAlgorithmName? Name(string algorithm) => algorithm.ToLowerInvariant() switch
    {
        "sha-1" => HashAlgorithmName.SHA1,
        "sha-256" => HashAlgorithmName.SHA256,
        "sha-384" => HashAlgorithmName.SHA384,
        "sha-512" => HashAlgorithmName.SHA512,
        _ => null,
    };

    private static bool TryReadHex(string text, Span<byte> bytes, out int length)
    {
        length = 0;
        for (var at = 0; at < text.Length; at += 3)
        {
            if (length == bytes.Length || at + 2 > text.Length || (at + 2 < text.Length && text[at + 2] != ':') ||
                !char.IsAsciiHexDigit(text[at]) || !char.IsAsciiHexDigit(text[at + 1]))
            {
                return false;
            }

            bytes[length++] = Convert.FromHexString(text.AsSpan(at, 2))[0];
        }

        return length > 0;
    }
}
