using System.Runtime.InteropServices;

namespace OpenCvSharp;

/// <summary>OpenCV's <c>CvMemStorage</c>: where the C API puts results of unknown number.</summary>
internal sealed class MemoryStorage : SafeHandle
{
    public MemoryStorage() : base(IntPtr.Zero, true) => SetHandle(CoreLibrary.CreateMemoryStorage(0));

    public override bool IsInvalid => handle == IntPtr.Zero;

    protected override bool ReleaseHandle()
    {
        CoreLibrary.ReleaseMemoryStorage(ref handle);
        return true;
    }
}
