using System.Runtime.InteropServices;

namespace OpenCvSharp;

/// <summary>OpenCV's <c>CvMat</c>: how the C API is told of pixels that we own.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct MatHeader
{
    private const int Magic = 0x42420000;
    private const int Continuous = 1 << 14;

    private readonly int _type;
    private readonly int _step;
    private readonly IntPtr _refcount;
    private readonly int _headerRefcount;
    private readonly IntPtr _data;
    private readonly int _rows;
    private readonly int _cols;

    public MatHeader(int rows, int cols, MatType type, IntPtr data, int step)
    {
        var dense = rows == 1 || step == cols * type.ElementSize;
        _type = Magic | type.Value | (dense ? Continuous : 0);
        _step = step;
        _data = data;
        _rows = rows;
        _cols = cols;
        _refcount = IntPtr.Zero;
        _headerRefcount = 0;
    }
}
