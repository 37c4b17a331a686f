using System.Runtime.InteropServices;

namespace Ball.Vision.Windows;

/// <summary>
/// Whether windows can be opened. Asked first, because the toolkit below OpenCV ends the whole process when it finds no display.
/// </summary>
public static class Display
{
    /// <summary>Whether somebody has told us of a display.</summary>
    public static bool IsThere => !OperatingSystem.IsLinux() || Name is not null || IsWayland;

    /// <summary>Why no window can be opened, in words, or null.</summary>
    public static string? Problem => !OperatingSystem.IsLinux() || IsWayland ? null
        : Name is not { } name ? "there is no display (neither DISPLAY nor WAYLAND_DISPLAY is set)"
        : Opens(name) ? null
        : $"the display {name} (DISPLAY) cannot be opened";

    /// <summary>
    /// The toolkit (Qt) ends with the process, on another thread than the window's, and warns of that. Nobody can help it, and it
    /// hides what matters; who wants to hear its warnings sets QT_LOGGING_RULES.
    /// </summary>
    internal static void QuietToolkit()
    {
        // .NET's own variables do not reach native code.
        if (OperatingSystem.IsLinux())
            _ = SetEnvironment("QT_LOGGING_RULES", "default.warning=false", overwrite: 0);
    }

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

    [DllImport("libc", EntryPoint = "setenv")]
    private static extern int SetEnvironment(
        [MarshalAs(UnmanagedType.LPStr)] string name, [MarshalAs(UnmanagedType.LPStr)] string value, int overwrite);

    private delegate nint OpenDisplay([MarshalAs(UnmanagedType.LPStr)] string name);

    private delegate int CloseDisplay(nint display);
}
