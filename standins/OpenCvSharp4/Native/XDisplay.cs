using System.Runtime.InteropServices;

namespace OpenCvSharp;

/// <summary>
/// Whether windows can be opened. OpenCV's toolkit ends the whole process when it finds no display, so ask before it does.
/// </summary>
internal static partial class XDisplay
{
    public static string? WhyNot()
    {
        // Qt's own choice of a platform without X, like "offscreen".
        var platform = Environment.GetEnvironmentVariable("QT_QPA_PLATFORM");
        if (!string.IsNullOrEmpty(platform) && !platform.StartsWith("xcb", StringComparison.Ordinal))
            return null;
        if (OperatingSystem.IsWindows() || OperatingSystem.IsMacOS())
            return null;
        var name = Environment.GetEnvironmentVariable("DISPLAY");
        if (string.IsNullOrEmpty(name))
            return "There is no display for a window (DISPLAY is not set).";
        try
        {
            var display = Open(IntPtr.Zero);
            if (display == IntPtr.Zero)
                return $"The display {name} does not answer or does not let this program in.";
            _ = Close(display);
            return null;
        }
        catch (DllNotFoundException)
        {
            return "libX11 is not on this machine: apt-get install libx11-6.";
        }
    }

    [LibraryImport("libX11.so.6", EntryPoint = "XOpenDisplay")]
    private static partial IntPtr Open(IntPtr defaultDisplay);

    [LibraryImport("libX11.so.6", EntryPoint = "XCloseDisplay")]
    private static partial int Close(IntPtr display);
}
