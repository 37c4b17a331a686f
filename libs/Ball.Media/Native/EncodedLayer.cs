using System.Runtime.InteropServices;

namespace Ball.Media.Native;

/// <summary>SLayerBSInfo: NAL units of one kind, one after the other with their start codes.</summary>
[StructLayout(LayoutKind.Explicit, Size = 40)]
internal unsafe struct EncodedLayer
{
    public const int Idr = 1;

    [FieldOffset(4)] public int FrameType;
    [FieldOffset(16)] public int NalCount;
    [FieldOffset(24)] public int* NalLengths;
    [FieldOffset(32)] public byte* Bytes;
}
