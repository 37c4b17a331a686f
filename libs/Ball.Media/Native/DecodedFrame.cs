using System.Runtime.InteropServices;

namespace Ball.Media.Native;

/// <summary>SBufferInfo.</summary>
[StructLayout(LayoutKind.Explicit, Size = 72)]
internal unsafe struct DecodedFrame
{
    [FieldOffset(0)] public int Ready;
    [FieldOffset(24)] public int Width;
    [FieldOffset(28)] public int Height;
    [FieldOffset(32)] public int Format;
    [FieldOffset(36)] public int LumaStride;
    [FieldOffset(40)] public int ChromaStride;
    [FieldOffset(48)] public byte* Y;
    [FieldOffset(56)] public byte* U;
    [FieldOffset(64)] public byte* V;
}
