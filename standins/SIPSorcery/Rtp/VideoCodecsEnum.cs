namespace SIPSorceryMedia.Abstractions;

/// <summary>Video codecs that have a name in SDP.</summary>
public enum VideoCodecsEnum
{
    Unknown = 0,
    CELB = 1,
    JPEG = 2,
    NV = 3,
    H261 = 4,
    MPV = 5,
    MP2T = 6,
    H263 = 7,
    VP8 = 8,
    VP9 = 9,
    AV1 = 10,
    H264 = 11,
    H265 = 12,
}
