using System.Runtime.InteropServices;

namespace Ball.Media.Native;

/// <summary>SDecodingParam.</summary>
[StructLayout(LayoutKind.Explicit, Size = 32)]
internal struct DecoderParameters
{
    [FieldOffset(8)] public uint CpuLoad;
    [FieldOffset(12)] public byte TargetLayer;
    [FieldOffset(16)] public int ErrorConcealment;
    [FieldOffset(20)] public byte ParseOnly;
    [FieldOffset(24)] public uint PropertySize;
    [FieldOffset(28)] public int StreamType;
}
