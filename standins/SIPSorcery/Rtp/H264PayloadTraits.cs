namespace SIPSorcery.Net;

/// <summary>What a packet payload holds, as far as it decides whether a frame can be decoded.</summary>
[Flags]
internal enum H264PayloadTraits : byte
{
    None = 0,
    Sps = 1,
    Pps = 2,
    IdrSlice = 4,
    OtherSlice = 8,
    /// <summary>A slice that begins the picture.</summary>
    FirstSlice = 16,
    Malformed = 32,
}
