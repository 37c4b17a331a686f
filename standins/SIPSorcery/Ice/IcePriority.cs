using System.Net;
using System.Net.Sockets;

namespace SIPSorcery.Net;

/// <summary>Candidate and pair priorities (RFC 8445, sections 5.1.2 and 6.1.2.3).</summary>
internal static class IcePriority
{
    public static uint OfCandidate(RTCIceCandidateType type, IPAddress address, int rank = 0)
    {
        var kind = type switch
        {
            RTCIceCandidateType.host => 126u,
            RTCIceCandidateType.prflx => 110u,
            RTCIceCandidateType.srflx => 100u,
            _ => 0u,
        };

        // IPv6 goes first, as RFC 8421 asks; loopback and link-local addresses go last.
        var family = address.AddressFamily == AddressFamily.InterNetworkV6 ? 40000 : 30000;
        var local = IPAddress.IsLoopback(address) || address.IsIPv6LinkLocal ? 10000 : family;
        return (kind << 24) | ((uint)(local - Math.Min(rank, 9999)) << 8) | 255;
    }

    public static ulong OfPair(uint controlling, uint controlled) =>
        ((ulong)Math.Min(controlling, controlled) << 32) + (2UL * Math.Max(controlling, controlled)) +
        (controlling > controlled ? 1UL : 0UL);

    /// <summary>Equal for candidates of the same kind and base.</summary>
    public static string Foundation(RTCIceCandidateType type, IPAddress address)
    {
        var hash = 2166136261u;
        hash = (hash ^ (uint)type) * 16777619u;
        foreach (var part in address.GetAddressBytes())
        {
            hash = (hash ^ part) * 16777619u;
        }

        return hash.ToString(System.Globalization.CultureInfo.InvariantCulture);
    }
}
