using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace OpenCvSharp.Tests;

/// <summary>
/// An X server without a screen, on a free display. It ends by itself when this process does (-terminate); not earlier, since
/// a toolkit whose server goes away takes its process along.
/// </summary>
internal sealed unsafe partial class Xvfb
{
    private const int Width = 800, Height = 600;

    private readonly IntPtr _display;
    private readonly nint _root;

    private Xvfb(IntPtr display)
    {
        _display = display;
        _root = XDefaultRootWindow(display);
    }

    public static void HideDisplay() => SetDisplay(null);

    public static Xvfb Start()
    {
        var start = new ProcessStartInfo("Xvfb", $"-displayfd 1 -screen 0 {Width}x{Height}x24 -nolisten tcp -terminate")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var server = Process.Start(start) ?? throw new InvalidOperationException("Xvfb did not start.");
        var number = server.StandardOutput.ReadLine();
        if (!int.TryParse(number, NumberStyles.Integer, CultureInfo.InvariantCulture, out _))
            throw new InvalidOperationException($"Xvfb said '{number}': {server.StandardError.ReadToEnd()}");
        SetDisplay($":{number}");

        // This connection keeps the server alive.
        var display = XOpenDisplay($":{number}");
        return display == IntPtr.Zero ? throw new InvalidOperationException("Xvfb lets nobody in.") : new Xvfb(display);
    }

    /// <summary>How many pixels of the screen have that colour (0xRRGGBB).</summary>
    public int Count(uint colour)
    {
        var image = XGetImage(_display, _root, 0, 0, Width, Height, nuint.MaxValue, 2);
        if (image == IntPtr.Zero)
            throw new InvalidOperationException("The screen cannot be read.");
        var count = 0;
        for (var y = 0; y < Height; y++)
            for (var x = 0; x < Width; x++)
                count += (XGetPixel(image, x, y) & 0xFFFFFF) == colour ? 1 : 0;
        _ = XDestroyImage(image);
        return count;
    }

    /// <summary>Does what a click on a window's cross does.</summary>
    public void Close(string title)
    {
        var window = Find(title);
        var message = stackalloc nint[24];
        new Span<nint>(message, 24).Clear();
        *(int*)message = 33; // ClientMessage
        message[4] = window;
        message[5] = XInternAtom(_display, "WM_PROTOCOLS", 0);
        *(int*)(message + 6) = 32;
        message[7] = XInternAtom(_display, "WM_DELETE_WINDOW", 0);
        _ = XSendEvent(_display, window, 0, 0, message);
        _ = XSync(_display, 0);
    }

    private nint Find(string title)
    {
        _ = XQueryTree(_display, _root, out _, out _, out var children, out var count);
        nint found = 0;
        for (var n = 0; n < count; n++)
        {
            if (XFetchName(_display, children[n], out var name) != 0 && Marshal.PtrToStringUTF8(name) == title)
                found = children[n];
        }
        return found != 0 ? found : throw new InvalidOperationException($"There is no window '{title}'.");
    }

    private static void SetDisplay(string? value)
    {
        // .NET keeps an environment of its own; native code sees libc's.
        Environment.SetEnvironmentVariable("DISPLAY", value);
        Environment.SetEnvironmentVariable("QT_QPA_PLATFORM", null);
        _ = unsetenv("QT_QPA_PLATFORM");
        _ = value is null ? unsetenv("DISPLAY") : setenv("DISPLAY", value, 1);
    }

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int setenv(string name, string value, int overwrite);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int unsetenv(string name);

    [LibraryImport("libX11.so.6", StringMarshalling = StringMarshalling.Utf8)]
    private static partial IntPtr XOpenDisplay(string name);

    [LibraryImport("libX11.so.6")]
    private static partial nint XDefaultRootWindow(IntPtr display);

    [LibraryImport("libX11.so.6")]
    private static partial IntPtr XGetImage(
        IntPtr display, nint drawable, int x, int y, uint width, uint height, nuint planes, int format);

    [LibraryImport("libX11.so.6")]
    private static partial nuint XGetPixel(IntPtr image, int x, int y);

    [LibraryImport("libX11.so.6")]
    private static partial int XDestroyImage(IntPtr image);

    [LibraryImport("libX11.so.6", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint XInternAtom(IntPtr display, string name, int onlyIfExists);

    [LibraryImport("libX11.so.6")]
    private static partial int XSendEvent(IntPtr display, nint window, int propagate, nint mask, nint* message);

    [LibraryImport("libX11.so.6")]
    private static partial int XSync(IntPtr display, int discard);

    [LibraryImport("libX11.so.6")]
    private static partial int XQueryTree(
        IntPtr display, nint window, out nint root, out nint parent, out nint* children, out int count);

    [LibraryImport("libX11.so.6")]
    private static partial int XFetchName(IntPtr display, nint window, out IntPtr name);
}
