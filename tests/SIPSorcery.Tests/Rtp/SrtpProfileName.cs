using SIPSorcery.Net;

namespace SIPSorcery.Tests.Rtp;

/// <summary>Names for test data, since the profiles themselves are internal.</summary>
internal static class SrtpProfileName
{
    public const string Gcm = "GCM";
    public const string Cm = "CM";

    public static SrtpProfile Parse(string name) => name == Gcm ? SrtpProfile.AeadAes128Gcm : SrtpProfile.Aes128CmHmacSha1_80;
}
