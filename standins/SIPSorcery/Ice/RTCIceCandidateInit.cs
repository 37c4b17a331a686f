using System.Diagnostics.CodeAnalysis;

namespace SIPSorcery.Net;

/// <summary>A candidate as it travels.</summary>
public class RTCIceCandidateInit
{
    /// <summary>The candidate line; empty for the end of candidates.</summary>
    public string candidate { get; set; } = null!;

    /// <summary>The <c>mid</c> of the media it belongs to.</summary>
    public string? sdpMid { get; set; }

    /// <summary>The number of the m-line it belongs to.</summary>
    public ushort sdpMLineIndex { get; set; }

    /// <summary>The user fragment it belongs to.</summary>
    public string? usernameFragment { get; set; }

    /// <summary>JSON as browsers write it.</summary>
    public string toJSON() => JsonText.Candidate(candidate, sdpMid, sdpMLineIndex, usernameFragment);

    /// <summary>Reads what a browser wrote; false without a candidate and a mid.</summary>
    public static bool TryParse(string? json, [NotNullWhen(true)] out RTCIceCandidateInit? init)
    {
        init = null;
        if (!JsonText.TryReadObject(json, out var values) ||
            values.GetValueOrDefault("candidate") is not { } candidate ||
            values.GetValueOrDefault("sdpMid") is not { } mid)
        {
            return false;
        }

        init = new RTCIceCandidateInit
        {
            candidate = candidate,
            sdpMid = mid,
            sdpMLineIndex = ushort.TryParse(values.GetValueOrDefault("sdpMLineIndex"), out var index) ? index : (ushort)0,
            usernameFragment = values.GetValueOrDefault("usernameFragment"),
        };
        return true;
    }
}
