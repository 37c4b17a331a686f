using System.Runtime.InteropServices;

namespace OpenCvSharp;

/// <summary>OpenCV's <c>CvMat</c>: how the C API is told of pixels that we own.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct MatHeader
{
    private const int Magic = 0x42420000;
    private const int Continuous = 1 << 14;

    private int _type;
    private int _step;
    private IntPtr _refcount;
    private int _headerRefcount;
    private IntPtr _data;
    private int _rows;
    private int _cols;

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
