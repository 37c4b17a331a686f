using System.Runtime.InteropServices;

namespace OpenCvSharp;

/// <summary>OpenCV's <c>CvMat</c>: how the C API is told of pixels that we own.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct MatHeader
{
    private const int Magic = 0x42420000;
    private const int Continuous = 1 << 14;

    private int type;
    private int step;
    private IntPtr refcount;
    private int headerRefcount;
    private IntPtr data;
    private int rows;
    private int cols;

    public MatHeader(int rows, int cols, MatType type, IntPtr data, int step)
    {
        var dense = rows == 1 || step == cols * type.ElementSize;
        this.type = Magic | type.Value | (dense ? Continuous : 0);
        this.step = step;
        this.data = data;
        this.rows = rows;
        this.cols = cols;
        refcount = IntPtr.Zero;
        headerRefcount = 0;
    }
}
