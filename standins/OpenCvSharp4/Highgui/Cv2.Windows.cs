using System.Text;

namespace OpenCvSharp;

public static partial class Cv2
{
    /// <summary>Opens a window, unless there is one of that name.</summary>
    public static void NamedWindow(string winName, WindowFlags flags = WindowFlags.Normal)
    {
        Named(winName);
        Screen.Do(screen => screen.Open(winName, flags));
    }

    /// <summary>Shows a picture in a window, which it opens where needed; drawn at the next <see cref="WaitKey"/>.</summary>
    public static void ImShow(string winName, Mat mat)
    {
        Named(winName);
        var source = Check.Source(mat);
        Check.That(source.Depth() == MatType.CV_8U && source.Channels() is 1 or 3 or 4, $"{source} cannot be shown.");
        Screen.Do(screen => screen.Show(winName, source));
    }

    /// <summary>Lets the windows live for so many milliseconds (0: until a key comes): the key pressed, or -1.</summary>
    public static int WaitKey(int delay = 0)
    {
        var key = WaitKeyEx(delay);
        return key == -1 ? -1 : key & 0xFF;
    }

    /// <summary>As <see cref="WaitKey"/>, with the whole code of the key.</summary>
    public static int WaitKeyEx(int delay = 0) => Screen.Ask(_ => HighguiLibrary.WaitKey(delay), otherwise: -1);

    public static void ResizeWindow(string winName, int width, int height)
    {
        Named(winName);
        Check.That(width is > 0 and <= short.MaxValue && height is > 0 and <= short.MaxValue,
            $"A window cannot be {width}x{height}.");
        Screen.Do(screen => screen.Resize(winName, width, height));
    }

    public static void ResizeWindow(string winName, Size size) => ResizeWindow(winName, size.Width, size.Height);

    public static void MoveWindow(string winName, int x, int y)
    {
        Named(winName);
        Screen.Do(screen => screen.Move(winName, x, y));
    }

    /// <summary>
    /// A window's property, or -1 where there is no such window. <see cref="WindowPropertyFlags.Visible"/> is below 1 once
    /// somebody has closed it.
    /// </summary>
    public static double GetWindowProperty(string winName, WindowPropertyFlags propId)
    {
        Named(winName);
        Check.That(Enum.IsDefined(propId), $"There is no property {propId}.");
        return Screen.Ask(screen => screen.Property(winName, propId), otherwise: -1);
    }

    public static void SetWindowProperty(string winName, WindowPropertyFlags propId, double propValue)
    {
        Named(winName);
        Check.That(propId is WindowPropertyFlags.Fullscreen or WindowPropertyFlags.AspectRatio, $"{propId} cannot be set.");
        Check.Finite(propValue, nameof(propValue));
        Screen.Do(screen => screen.SetProperty(winName, propId, propValue));
    }

    public static void DestroyWindow(string winName)
    {
        Named(winName);
        Screen.Ask(screen => screen.Destroy(winName), otherwise: false);
    }

    public static void DestroyAllWindows() => Screen.Ask(screen => screen.DestroyAll(), otherwise: false);

    private static void Named(string winName)
    {
        ArgumentException.ThrowIfNullOrEmpty(winName);
        Check.That(Ascii.IsValid(winName), $"OpenCV finds a window again only when its name is ASCII; '{winName}' is not.");
    }
}
