using System.Runtime.InteropServices;

namespace Ball.Vision.Windows;

/// <summary>
/// Whether windows can be opened. Asked first, because the toolkit below OpenCV ends the whole process when it finds no display.
/// </summary>
public static class Display
{
    /// <summary>Whether somebody has told us of a display.</summary>
    public static bool IsThere => !OperatingSystem.IsLinux() || Name is not null || IsWayland;

    /// <summary>Why the display that is there cannot be used, in one line, or null.</summary>
    public static string? Problem => !OperatingSystem.IsLinux() || Name is not { } name || IsWayland || Opens(name)
        ? null
        : $"the display {name} (DISPLAY) cannot be opened";

    private static bool IsWayland => Environment.GetEnvironmentVariable("WAYLAND_DISPLAY") is { Length: > 0 };

    private static string? Name => Environment.GetEnvironmentVariable("DISPLAY") is { Length: > 0 } name ? name : null;

    private static bool Opens(string name)
    {
        // Whether there is a library at all is for OpenCV to complain about, in its own words.
        if (!NativeLibrary.TryLoad("libX11.so.6", out var library))
            return true;
        var open = Marshal.GetDelegateForFunctionPointer<OpenDisplay>(NativeLibrary.GetExport(library, "XOpenDisplay"));
        var close = Marshal.GetDelegateForFunctionPointer<CloseDisplay>(NativeLibrary.GetExport(library, "XCloseDisplay"));
        var display = open(name);
        if (display == 0)
            return false;
        _ = close(display);
        return true;
    }

    private delegate nint OpenDisplay([MarshalAs(UnmanagedType.LPStr)] string name);

    private delegate int CloseDisplay(nint display);
}
