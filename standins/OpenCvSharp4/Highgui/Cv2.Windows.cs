namespace OpenCvSharp;

public static partial class Cv2
{
    /// <summary>Opens a window, unless there is one of that name.</summary>
    public static void NamedWindow(string winName, WindowFlags flags = WindowFlags.Normal)
    {
        Named(winName);
        OnScreen(() => HighguiLibrary.NamedWindow(winName, (int)flags));
    }

    /// <summary>Shows a picture in a window, which it opens where needed; drawn at the next <see cref="WaitKey"/>.</summary>
    public static void ImShow(string winName, Mat mat)
    {
        Named(winName);
        var source = Check.Source(mat);
        Check.That(source.Depth() == MatType.CV_8U && source.Channels() is 1 or 3 or 4, $"{source} cannot be shown.");
        OnScreen(() =>
        {
            using var from = source.Lease();
            HighguiLibrary.Show(winName, in from.Header);
            return 0;
        });
    }

    /// <summary>Lets the windows live for so many milliseconds (0: until a key comes): the key pressed, or -1.</summary>
    public static int WaitKey(int delay = 0)
    {
        var key = WaitKeyEx(delay);
        return key == -1 ? -1 : key & 0xFF;
    }

    /// <summary>As <see cref="WaitKey"/>, with the whole code of the key.</summary>
    public static int WaitKeyEx(int delay = 0) =>
        WindowThread.Shared.IsValueCreated ? WindowThread.Shared.Value.Do(() => HighguiLibrary.WaitKey(delay)) : -1;

    public static void ResizeWindow(string winName, int width, int height)
    {
        Named(winName);
        Check.That(width is > 0 and <= short.MaxValue && height is > 0 and <= short.MaxValue,
            $"A window cannot be {width}x{height}.");
        OnScreen(() =>
        {
            HighguiLibrary.Resize(winName, width, height);
            return 0;
        });
    }

    public static void ResizeWindow(string winName, Size size) => ResizeWindow(winName, size.Width, size.Height);

    public static void MoveWindow(string winName, int x, int y)
    {
        Named(winName);
        OnScreen(() =>
        {
            HighguiLibrary.Move(winName, x, y);
            return 0;
        });
    }

    /// <summary>
    /// A window's property, or -1 where there is no such window. <see cref="WindowPropertyFlags.Visible"/> is below 1 once
    /// somebody has closed it.
    /// </summary>
    public static double GetWindowProperty(string winName, WindowPropertyFlags propId)
    {
        Named(winName);
        Check.That(Enum.IsDefined(propId), $"There is no property {propId}.");
        return WindowThread.Shared.IsValueCreated
            ? WindowThread.Shared.Value.Do(() => HighguiLibrary.GetProperty(winName, (int)propId))
            : -1;
    }

    public static void SetWindowProperty(string winName, WindowPropertyFlags propId, double propValue)
    {
        Named(winName);
        Check.That(propId is WindowPropertyFlags.Fullscreen or WindowPropertyFlags.AspectRatio,
            $"{propId} cannot be set.");
        Check.Finite(propValue, nameof(propValue));
        OnScreen(() =>
        {
            HighguiLibrary.SetProperty(winName, (int)propId, propValue);
            return 0;
        });
    }

    public static void DestroyWindow(string winName)
    {
        Named(winName);
        if (WindowThread.Shared.IsValueCreated)
            OnScreen(() =>
            {
                HighguiLibrary.Destroy(winName);
                return 0;
            });
    }

    public static void DestroyAllWindows()
    {
        if (WindowThread.Shared.IsValueCreated)
            OnScreen(() =>
            {
                HighguiLibrary.DestroyAll();
                return 0;
            });
    }

    private static void Named(string winName) => ArgumentException.ThrowIfNullOrEmpty(winName);

    private static void OnScreen(Func<int> work)
    {
        if (!WindowThread.Shared.IsValueCreated && XDisplay.WhyNot() is { } why)
            throw new OpenCvSharpException(why);
        WindowThread.Shared.Value.Do(work);
    }
}
