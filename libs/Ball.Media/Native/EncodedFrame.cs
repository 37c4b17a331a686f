using System.Runtime.InteropServices;

namespace Ball.Media.Native;

/// <summary>
/// SFrameBSInfo, as far as its layout is the same in every version; layers lie <see cref="OpenH264.LayerSize"/> apart.
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = 8 + 128 * 56 + 16)]
internal struct EncodedFrame
{
    public const int FirstLayerOffset = 8;
    public const int MaxLayers = 128;

    [FieldOffset(0)] public int LayerCount;
}
