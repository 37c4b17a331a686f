using System.Runtime.InteropServices;

namespace Ball.Media.Native;

/// <summary>SSourcePicture.</summary>
[StructLayout(LayoutKind.Explicit, Size = 80)]
internal unsafe struct SourcePicture
{
    public const int I420 = 23;

    [FieldOffset(0)] public int Format;
    [FieldOffset(4)] public fixed int Strides[4];
    [FieldOffset(24)] public byte* Y;
    [FieldOffset(32)] public byte* U;
    [FieldOffset(40)] public byte* V;
    [FieldOffset(56)] public int Width;
    [FieldOffset(60)] public int Height;
    [FieldOffset(64)] public long Milliseconds;
}
