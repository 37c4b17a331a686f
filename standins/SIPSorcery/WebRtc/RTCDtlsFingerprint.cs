using System.Diagnostics.CodeAnalysis;

namespace SIPSorcery.Net;

/// <summary>The hash by which the two ends know each other's certificate.</summary>
public class RTCDtlsFingerprint
{
    /// <summary>Name of the hash function, for example <c>sha-256</c>.</summary>
    public string algorithm = null!;

    /// <summary>The hash as hexadecimal bytes with colons between.</summary>
    public string value = null!;

    /// <summary>As in SDP: the algorithm and the hash in upper case.</summary>
    public override string ToString() => $"{algorithm} {value.ToUpperInvariant()}";

    /// <summary>Reads <c>sha-256 AB:CD:…</c>; false for anything else or for an unknown hash function.</summary>
    public static bool TryParse(string? str, [NotNullWhen(true)] out RTCDtlsFingerprint? fingerprint)
    {
        fingerprint = null;
        if (str?.Trim().Split(' ', 2) is not [var algorithm, var value] || !DtlsFingerprint.IsKnown(algorithm))
        {
            return false;
        }

        fingerprint = new RTCDtlsFingerprint { algorithm = algorithm, value = value.Trim() };
        return true;
    }
}
