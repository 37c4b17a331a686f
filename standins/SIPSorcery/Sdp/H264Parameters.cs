namespace SIPSorcery.Net;

/// <summary>The parts of H.264's <c>fmtp</c> that two ends must agree on (RFC 6184, section 8.1).</summary>
internal static class H264Parameters
{
    /// <summary>Who gives no parameters takes what comes, as SIPSorcery does.</summary>
    public static bool AreCompatible(string? one, string? other) =>
        string.IsNullOrWhiteSpace(one) || string.IsNullOrWhiteSpace(other) ||
        (Mode(one) == Mode(other) && Profile(one) == Profile(other));

    public static string Mode(string? fmtp) => Value(fmtp, "packetization-mode") ?? "0";

    /// <summary>Baseline and constrained baseline are one here: in WebRTC nobody uses what only the former has.</summary>
    private static string Profile(string fmtp) =>
        Value(fmtp, "profile-level-id") is { Length: >= 2 } id ? id[..2].ToUpperInvariant() : "42";

    private static string? Value(string? fmtp, string name)
    {
        foreach (var part in (fmtp ?? string.Empty).Split(';', StringSplitOptions.TrimEntries))
        {
            if (part.Split('=', 2) is [var key, var value] && key.Trim().Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return value.Trim();
            }
        }

        return null;
    }
}
