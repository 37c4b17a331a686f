using System.Runtime.InteropServices;

namespace OpenCvSharp;

/// <summary>The part of libopencv_core's C API that is used here.</summary>
internal static partial class CoreLibrary
{
    public const string Name = "opencv_core";

    [LibraryImport(Name, EntryPoint = "cvSetNumThreads")]
    public static partial void SetThreads(int threads);

    [LibraryImport(Name, EntryPoint = "cvGetNumThreads")]
    public static partial int GetThreads();

    [LibraryImport(Name, EntryPoint = "cvSet")]
    public static partial void Set(in MatHeader mat, Scalar value, IntPtr noMask);

    [LibraryImport(Name, EntryPoint = "cvSet")]
    public static partial void SetMasked(in MatHeader mat, Scalar value, in MatHeader mask);

    [LibraryImport(Name, EntryPoint = "cvInRangeS")]
    public static partial void InRange(in MatHeader src, Scalar lower, Scalar upper, in MatHeader dst);

    [LibraryImport(Name, EntryPoint = "cvFlip")]
    public static partial void Flip(in MatHeader src, in MatHeader dst, int mode);

    [LibraryImport(Name, EntryPoint = "cvCountNonZero")]
    public static partial int CountNonZero(in MatHeader src);

    [LibraryImport(Name, EntryPoint = "cvAvg")]
    public static partial Scalar Mean(in MatHeader src, IntPtr noMask);

    [LibraryImport(Name, EntryPoint = "cvCreateMemStorage")]
    public static partial IntPtr CreateMemoryStorage(int blockBytes);

    [LibraryImport(Name, EntryPoint = "cvReleaseMemStorage")]
    public static partial void ReleaseMemoryStorage(ref IntPtr storage);

    [LibraryImport(Name, EntryPoint = "cvGetSeqElem")]
    public static partial IntPtr ElementOf(IntPtr sequence, int index);

    /// <summary>The number of elements of a <c>CvSeq</c>: after two ints and four pointers.</summary>
    public static unsafe int CountOf(IntPtr sequence) => *(int*)(sequence + (2 * sizeof(int)) + (4 * IntPtr.Size));
}
