using Ball.Pictures;
using OpenCvSharp;

namespace Ball.Vision.Windows;

/// <summary>
/// A window on a thread of its own that shows the newest picture with something drawn over it. Who offers pictures never waits
/// for the screen.
/// </summary>
public sealed class PictureWindow : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(1);

    /// <summary>How long a window may be deaf for its close button while nothing new comes.</summary>
    private const int IdleMilliseconds = 100;

    private readonly string _title;
    private readonly Thread _thread;
    private readonly object _gate = new();
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Picture? _waiting;
    private Picture? _shown;
    private Action<Mat>? _drawing;
    private bool _hasNews;
    private bool _stopping;

    public PictureWindow(string title)
    {
        _title = title;
        Display.QuietToolkit();
        _thread = new Thread(Run) { Name = $"window {title}", IsBackground = true };
        _thread.Start();
    }

    /// <summary>Ends when the user closes the window; fails when there can be none (no display, no library).</summary>
    public Task Closed => _closed.Task;

    /// <summary>Shows a picture, unless a newer one comes first.</summary>
    /// <param name="draw">Draws over this very picture, in BGR, on the window's thread.</param>
    public void Offer(PictureView picture, Action<Mat>? draw = null)
    {
        lock (_gate)
        {
            if (_stopping)
                return;
            if (_waiting?.Layout != picture.Layout)
                _waiting = new Picture(picture.Layout);
            picture.Bytes.CopyTo(_waiting.Bytes);
            _drawing = draw;
            _hasNews = true;
            Monitor.Pulse(_gate);
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _stopping = true;
            Monitor.Pulse(_gate);
        }
        _thread.Join(s_patience);
    }

    private void Run()
    {
        try
        {
            using var bgr = new Mat();
            var isOpen = false;
            while (true)
            {
                if (TakeNews(out var picture, out var draw))
                {
                    ToBgr(picture!, bgr);
                    draw?.Invoke(bgr);
                    if (!isOpen)
                        Cv2.NamedWindow(_title, WindowFlags.AutoSize | WindowFlags.GuiNormal);
                    isOpen = true;
                    Cv2.ImShow(_title, bgr);
                }
                else if (_stopping)
                {
                    break;
                }
                if (isOpen && (Cv2.WaitKey(1) is 27 or 'q' || Cv2.GetWindowProperty(_title, WindowPropertyFlags.Visible) < 1))
                    break;
            }
            if (isOpen && !IsGone())
                Cv2.DestroyWindow(_title);
            _closed.TrySetResult();
        }
        catch (Exception failure)
        {
            _closed.TrySetException(failure);
        }
    }

    private bool IsGone() => Cv2.GetWindowProperty(_title, WindowPropertyFlags.Visible) < 1;

    private bool TakeNews(out Picture? picture, out Action<Mat>? draw)
    {
        lock (_gate)
        {
            if (!_hasNews && !_stopping)
                Monitor.Wait(_gate, IdleMilliseconds);
            (picture, draw) = (_waiting, _drawing);
            if (!_hasNews || _stopping)
                return false;
            (_waiting, _shown) = (_shown, _waiting);
            _hasNews = false;
            return true;
        }
    }

    private static void ToBgr(Picture picture, Mat bgr)
    {
        var layout = picture.Layout;
        switch (layout.Format)
        {
            case PixelFormat.I420:
                var rows = layout.Height * 3 / 2;
                using (var planes = Mat.FromPixelData(rows, layout.Width, MatType.CV_8UC1, picture.Bytes, layout.Stride))
                    Cv2.CvtColor(planes, bgr, ColorConversionCodes.YUV2BGR_I420);
                break;
            case PixelFormat.Gray8:
                using (var gray = Mat.FromPixelData(layout.Height, layout.Width, MatType.CV_8UC1, picture.Bytes, layout.Stride))
                    Cv2.CvtColor(gray, bgr, ColorConversionCodes.GRAY2BGR);
                break;
            default:
                using (var pixels = Mat.FromPixelData(layout.Height, layout.Width, MatType.CV_8UC3, picture.Bytes, layout.Stride))
                    pixels.CopyTo(bgr);
                break;
        }
    }
}
