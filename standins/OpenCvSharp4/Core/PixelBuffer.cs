using System.Runtime.InteropServices;

namespace OpenCvSharp;

/// <summary>
/// The memory behind one or more Mats that share it. It goes when the last of them is disposed, or with the garbage; never
/// while a native call works on it, since each call holds the handle.
/// </summary>
internal sealed class PixelBuffer : SafeHandle
{
    private readonly PixelOwner owner;
    private int mats = 1;

    private PixelBuffer(IntPtr pixels, PixelOwner owner) : base(IntPtr.Zero, true)
    {
        this.owner = owner;
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
    public IntPtr Pixels => owner == PixelOwner.Pinned ? GCHandle.FromIntPtr(handle).AddrOfPinnedObject() : handle;

    public PixelBuffer Share()
    {
        Interlocked.Increment(ref mats);
        return this;
    }

    public void Leave()
    {
        if (Interlocked.Decrement(ref mats) == 0)
            Dispose();
    }

    protected override unsafe bool ReleaseHandle()
    {
        switch (owner)
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
