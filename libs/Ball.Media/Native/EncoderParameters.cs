using System.Runtime.InteropServices;

namespace Ball.Media.Native;

/// <summary>
/// SEncParamExt with its first spatial layer spread out; the other three keep their defaults and are never used.
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = 928)]
internal struct EncoderParameters
{
    [FieldOffset(0)] public int UsageType;
    [FieldOffset(4)] public int Width;
    [FieldOffset(8)] public int Height;
    [FieldOffset(12)] public int TargetBitrate;
    [FieldOffset(16)] public int RateControl;
    [FieldOffset(20)] public float MaxFrameRate;
    [FieldOffset(24)] public int TemporalLayers;
    [FieldOffset(28)] public int SpatialLayers;

    [FieldOffset(32 + 0)] public int LayerWidth;
    [FieldOffset(32 + 4)] public int LayerHeight;
    [FieldOffset(32 + 8)] public float LayerFrameRate;
    [FieldOffset(32 + 12)] public int LayerBitrate;
    [FieldOffset(32 + 16)] public int LayerMaxBitrate;
    [FieldOffset(32 + 20)] public int LayerProfile;
    [FieldOffset(32 + 24)] public int LayerLevel;
    [FieldOffset(32 + 32)] public int LayerSliceMode;
    [FieldOffset(32 + 36)] public int LayerSliceCount;
    [FieldOffset(32 + 184)] public byte LayerVideoSignalPresent;
    [FieldOffset(32 + 185)] public byte LayerVideoFormat;
    [FieldOffset(32 + 186)] public byte LayerFullRange;
    [FieldOffset(32 + 187)] public byte LayerColourPresent;
    [FieldOffset(32 + 188)] public byte LayerColourPrimaries;
    [FieldOffset(32 + 189)] public byte LayerTransfer;
    [FieldOffset(32 + 190)] public byte LayerColourMatrix;

    [FieldOffset(832)] public int Complexity;
    [FieldOffset(836)] public uint IntraPeriod;
    [FieldOffset(840)] public int ReferenceFrames;
    [FieldOffset(844)] public int ParameterSetStrategy;
    [FieldOffset(856)] public int Cabac;
    [FieldOffset(860)] public byte FrameSkip;
    [FieldOffset(864)] public int MaxBitrate;
    [FieldOffset(868)] public int MaxQp;
    [FieldOffset(872)] public int MinQp;
    [FieldOffset(880)] public byte LongTermReference;
    [FieldOffset(892)] public ushort Threads;
    [FieldOffset(896)] public int LoopFilterDisable;
    [FieldOffset(908)] public byte Denoise;
    [FieldOffset(909)] public byte BackgroundDetection;
    [FieldOffset(910)] public byte AdaptiveQuantization;
    [FieldOffset(912)] public byte SceneChangeDetection;
    [FieldOffset(916)] public int IdrBitrateRatio;
}
