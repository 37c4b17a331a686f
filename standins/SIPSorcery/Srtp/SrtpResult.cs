namespace SIPSorcery.Net;

/// <summary>Why a packet was not protected or unprotected. A negative length returned is one of these.</summary>
internal static class SrtpResult
{
    /// <summary>Not an RTP or RTCP packet, or too short to have been protected.</summary>
    public const int Malformed = -1;
    /// <summary>The authentication tag is wrong.</summary>
    public const int Forged = -2;
    /// <summary>Seen before, or too old to tell.</summary>
    public const int Replayed = -3;
    /// <summary>More sources than a session may have.</summary>
    public const int TooManySources = -4;
    /// <summary>The buffer has no room for what protection appends.</summary>
    public const int NoRoom = -5;
    /// <summary>The key has protected all the packets that it may.</summary>
    public const int KeyExhausted = -6;
}
