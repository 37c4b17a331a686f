using System.Runtime.InteropServices;

namespace OpenCvSharp;

/// <summary>
/// The memory behind one or more Mats that share it. It goes when the last of them is disposed, or with the garbage; never
/// while a native call works on it, since each call holds the handle.
/// </summary>
internal sealed class PixelBuffer : SafeHandle
{
    private readonly PixelOwner _owner;
    private int _mats = 1;

    private PixelBuffer(IntPtr pixels, PixelOwner owner) : base(IntPtr.Zero, true)
    {
        _owner = owner;
        SetHandle(pixels);
    }

    public override bool IsInvalid => handle == IntPtr.Zero;

    public static unsafe PixelBuffer Allocate(nuint bytes)
    {
        // OpenCV's own alignment; its SIMD code is fastest with it.
        return new PixelBuffer((IntPtr)NativeMemory.AlignedAlloc(bytes, 64), PixelOwner.Native);
    }

    public static PixelBuffer Pin(Array array) =>
        new(GCHandle.ToIntPtr(GCHandle.Alloc(array, GCHandleType.Pinned)), PixelOwner.Pinned);

    public static PixelBuffer Borrow(IntPtr pixels) => new(pixels, PixelOwner.Foreign);

    /// <summary>The first byte; only while the handle is held or known to be alive.</summary>
    public IntPtr Pixels => _owner == PixelOwner.Pinned ? GCHandle.FromIntPtr(handle).AddrOfPinnedObject() : handle;

    public PixelBuffer Share()
    {
        Interlocked.Increment(ref _mats);
        return this;
    }

    public void Leave()
    {
        if (Interlocked.Decrement(ref _mats) == 0)
            Dispose();
    }

    protected override unsafe bool ReleaseHandle()
    {
        switch (_owner)
        {
            case PixelOwner.Native:
                NativeMemory.AlignedFree((void*)handle);
                break;
            case PixelOwner.Pinned:
                GCHandle.FromIntPtr(handle).Free();
                break;
        }
        return true;
    }

    private enum PixelOwner
    {
        Native,
        Pinned,
        Foreign,
    }
}
