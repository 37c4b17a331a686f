namespace SIPSorcery.Net;

/// <summary>Conversions to the time formats that RTP and RTCP carry.</summary>
internal static class NtpTime
{
    const ulong UnixEpochSeconds = 2_208_988_800;

    /// <summary>A 32.32 fixed point NTP time stamp.</summary>
    public static ulong FromUnixMicros(long micros)
    {
        var (seconds, rest) = Math.DivRem((ulong)micros, 1_000_000);
        return (seconds + UnixEpochSeconds) << 32 | (rest << 32) / 1_000_000;
    }

    /// <summary>The middle 32 bits, as in LSR.</summary>
    public static uint Middle(ulong ntp) => (uint)(ntp >> 16);

    /// <summary>The 24 bits of abs-send-time.</summary>
    public static uint AbsSendTime(ulong ntp) => (uint)(ntp >> 14) & 0xFFFFFF;

    /// <summary>Microseconds in a span given in 1/65536 seconds (LSR, DLSR).</summary>
    public static long MicrosFromMiddle(uint span) => (long)((ulong)span * 1_000_000 >> 16);

    /// <summary>A span in 1/65536 seconds, at most what 32 bits hold.</summary>
    public static uint MiddleFromMicros(long micros) => (uint)Math.Clamp(micros * 65536 / 1_000_000, 0, uint.MaxValue);
}
