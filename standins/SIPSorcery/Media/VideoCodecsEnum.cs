namespace SIPSorceryMedia.Abstractions;

/// <summary>Video codecs by name.</summary>
public enum VideoCodecsEnum
{
    Unknown,
    CELB,
    JPEG,
    NV,
    H261,
    MPV,
    MP2T,
    H263,
    VP8,
    VP9,
    AV1,
    H264,
    H265,
}
