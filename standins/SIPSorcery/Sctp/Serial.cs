namespace SIPSorcery.Net.Sctp;

/// <summary>Comparisons of numbers that wrap (RFC 1982): 32 bits for TSNs, 16 bits for stream sequence numbers.</summary>
internal static class Serial
{
    public static bool Before(uint a, uint b) => (int)(a - b) < 0;

    public static bool After(uint a, uint b) => (int)(a - b) > 0;

    public static bool Before(ushort a, ushort b) => (short)(a - b) < 0;
}
