using System.Runtime.InteropServices;

namespace OpenCvSharp;

/// <summary>The part of libopencv_highgui's C API that is used here.</summary>
internal static partial class HighguiLibrary
{
    public const string Name = "opencv_highgui";

    [LibraryImport(Name, EntryPoint = "cvNamedWindow", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int NamedWindow(string name, int flags);

    [LibraryImport(Name, EntryPoint = "cvShowImage", StringMarshalling = StringMarshalling.Utf8)]
    public static partial void Show(string name, in MatHeader image);

    [LibraryImport(Name, EntryPoint = "cvWaitKey")]
    public static partial int WaitKey(int milliseconds);

    [LibraryImport(Name, EntryPoint = "cvResizeWindow", StringMarshalling = StringMarshalling.Utf8)]
    public static partial void Resize(string name, int width, int height);

    [LibraryImport(Name, EntryPoint = "cvMoveWindow", StringMarshalling = StringMarshalling.Utf8)]
    public static partial void Move(string name, int x, int y);

    [LibraryImport(Name, EntryPoint = "cvGetWindowProperty", StringMarshalling = StringMarshalling.Utf8)]
    public static partial double GetProperty(string name, int property);

    [LibraryImport(Name, EntryPoint = "cvSetWindowProperty", StringMarshalling = StringMarshalling.Utf8)]
    public static partial void SetProperty(string name, int property, double value);

    [LibraryImport(Name, EntryPoint = "cvDestroyWindow", StringMarshalling = StringMarshalling.Utf8)]
    public static partial void Destroy(string name);

    /// <summary>Not null while there is a window of that name, even a closed one.</summary>
    [LibraryImport(Name, EntryPoint = "cvGetWindowHandle", StringMarshalling = StringMarshalling.Utf8)]
    public static partial IntPtr Find(string name);
}
