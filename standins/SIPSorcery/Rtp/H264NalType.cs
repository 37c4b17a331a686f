namespace SIPSorcery.Net;

/// <summary>The NAL unit types that matter to transport (ITU-T H.264 table 7-1, RFC 6184 table 1).</summary>
internal static class H264NalType
{
    public const int Slice = 1;
    public const int Idr = 5;
    public const int Sps = 7;
    public const int Pps = 8;
    public const int LastSingle = 23;
    public const int StapA = 24;
    public const int FuA = 28;

    public const byte TypeMask = 0x1F;
    public const byte ImportanceMask = 0x60;

    public static int Of(byte header) => header & TypeMask;
}
