using System.Security.Cryptography;
using System.Text;

namespace Ball.Link.Peers;

/// <summary>
/// A number that both ends of a session know without telling each other: a digest of the credentials and fingerprints in offer
/// and answer. With a frame's RTP timestamp it names a trace.
/// </summary>
public static class SessionIdentity
{
    static readonly string[] s_telling = ["a=ice-ufrag:", "a=ice-pwd:", "a=fingerprint:"];

    /// <summary>The identity of the session that these two descriptions made.</summary>
    public static Guid Of(string offer, string answer)
    {
        var text = new StringBuilder();
        Collect(offer, text);
        text.Append('|');
        Collect(answer, text);
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString()), digest);
        return new Guid(digest[..16]);
    }

    /// <summary>
    /// Each telling line once, in order: ends that put the same line into every section, or once before them, are alike.
    /// </summary>
    static void Collect(string sdp, StringBuilder text)
    {
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var raw in sdp.AsSpan().EnumerateLines())
        {
            string line = raw.Trim().ToString();
            if (s_telling.Any(prefix => line.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)) && seen.Add(line))
                text.Append(line.ToUpperInvariant()).Append('\n');
        }
    }
}
