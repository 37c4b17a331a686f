using System.Diagnostics;

namespace OpenCvSharp.Tests;

/// <summary>Windows on an X server of the test's own.</summary>
public sealed class WindowTests
{
    private const string Name = "ball";
    private const int Green = 0x0AC81E, Purple = 0xFF00FF, Pixels = 160 * 120;

    /// <summary>What is drawn is drawn by another process, in its own time.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_window_shows_what_it_is_given_and_tells_when_somebody_closes_it()
    {
        // Before any display: refused, and the process lives.
        Xvfb.HideDisplay();
        using var picture = new Mat(120, 160, MatType.CV_8UC3, new Scalar(30, 200, 10));
        var problem = Assert.Throws<OpenCvSharpException>(() => Cv2.ImShow(Name, picture));
        Assert.Contains("DISPLAY", problem.Message, StringComparison.Ordinal);
        Assert.Equal(-1, Cv2.WaitKey(1));
        Assert.Equal(-1, Cv2.GetWindowProperty(Name, WindowPropertyFlags.Visible));
        Cv2.DestroyAllWindows();

        var screen = Xvfb.Start();
        Cv2.NamedWindow(Name, WindowFlags.AutoSize | WindowFlags.GuiNormal);
        Cv2.MoveWindow(Name, 40, 30);
        Cv2.ImShow(Name, picture);
        LiveUntil("the picture is seen", () => IsVisible() && screen.Count(Green) == Pixels);

        // A change is seen; from another thread too.
        await Task.Run(() =>
        {
            picture.SetTo(new Scalar(255, 0, 255));
            Cv2.ImShow(Name, picture);
            LiveUntil("the change is seen", () => screen.Count(Purple) == Pixels);
        });
        Assert.Equal(0, screen.Count(Green));

        screen.Close(Name);
        LiveUntil("the window is closed", () => !IsVisible() && screen.Count(Purple) == 0);

        // Calls on a window that is gone are harmless, and it can be opened again.
        Cv2.MoveWindow(Name, 1, 1);
        Cv2.ResizeWindow(Name, 50, 50);
        Live();
        Assert.False(IsVisible());
        Cv2.DestroyWindow(Name);
        Cv2.DestroyWindow("never there");
        Cv2.MoveWindow("never there", 1, 1);
        Cv2.SetWindowProperty("never there", WindowPropertyFlags.Fullscreen, 1);
        Assert.Equal(-1, Cv2.GetWindowProperty(Name, WindowPropertyFlags.Fullscreen));
        Cv2.ImShow(Name, picture);
        Cv2.ImShow("second", picture);
        LiveUntil("the window is open again", IsVisible);
        using var wrong = new Mat(4, 4, MatType.CV_64FC2);
        Assert.Throws<OpenCvSharpException>(() => Cv2.ImShow(Name, wrong));
        Cv2.DestroyAllWindows();
        LiveUntil("all windows are gone", () => !IsVisible());
    }

    private static bool IsVisible() => Cv2.GetWindowProperty(Name, WindowPropertyFlags.Visible) == 1;

    private static void LiveUntil(string what, Func<bool> condition)
    {
        var waiting = Stopwatch.StartNew();
        do
        {
            Assert.True(waiting.Elapsed < s_patience, "never came: " + what);
            Live();
        }
        while (!condition());
    }

    /// <summary>A little of a window's life, in which nobody presses a key.</summary>
    private static void Live()
    {
        for (var n = 0; n < 10; n++)
            Assert.Equal(-1, Cv2.WaitKey(20));
    }
}
