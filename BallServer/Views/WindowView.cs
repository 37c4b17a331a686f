using System.Globalization;
using Ball.Pictures;
using Ball.Vision.Windows;
using Ball.World;
using OpenCvSharp;

namespace BallServer.Views;

/// <summary>A window with the truth: where the ball is, where the first peer saw it, and how far apart that is.</summary>
internal sealed class WindowView : IView
{
    private static readonly Scalar s_truth = new(80, 255, 80);
    private static readonly Scalar s_reported = new(80, 80, 255);
    private static readonly Scalar s_text = new(230, 230, 230);

    private readonly Canvas _canvas = new(PixelFormat.Bgr24);
    private readonly PictureWindow _window = new("BallServer");

    public TimeSpan Every { get; } = TimeSpan.FromMilliseconds(33);

    public bool Show(LoopReport report)
    {
        if (_window.Closed.IsFaulted)
            _window.Closed.GetAwaiter().GetResult();
        _window.Offer(_canvas.Paint(report.Settings.World, report.Truth), picture => Draw(picture, report));
        return !_window.Closed.IsCompleted;
    }

    public void Dispose() => _window.Dispose();

    private static void Draw(Mat picture, LoopReport report)
    {
        var radius = (int)Math.Round(report.Settings.World.Radius);
        Cv2.Circle(picture, Round(report.Truth), radius + 3, s_truth, 1, LineTypes.AntiAlias);
        Write(picture, 0, Text($"actual    {report.Truth.X,7:0.0} {report.Truth.Y,7:0.0}"));
        if (report.Peers.FirstOrDefault(peer => peer.Reported is not null) is not { } peer)
        {
            Write(picture, 1, "received  nothing yet");
            return;
        }
        Cross(picture, Round(peer.Reported!.Value));
        Write(picture, 1, Text($"received  {peer.Reported!.Value.X,7:0.0} {peer.Reported!.Value.Y,7:0.0}"));
        Write(picture, 2, Text($"error     {peer.Error,7:0.00} px same frame, {peer.RealtimeError:0.0} px real time"));
        Write(picture, 3, Text($"total L1  {peer.InOrderTotal,7:0} px"));
    }

    private static void Cross(Mat picture, Point at)
    {
        Cv2.Line(picture, new Point(at.X - 8, at.Y), new Point(at.X + 8, at.Y), s_reported, 1, LineTypes.AntiAlias);
        Cv2.Line(picture, new Point(at.X, at.Y - 8), new Point(at.X, at.Y + 8), s_reported, 1, LineTypes.AntiAlias);
    }

    private static void Write(Mat picture, int line, string text) =>
        Cv2.PutText(
            picture, text, new Point(10, 20 + 18 * line), HersheyFonts.HersheySimplex, 0.45, s_text, 1, LineTypes.AntiAlias);

    private static Point Round(BallPosition at) => new((int)Math.Round(at.X), (int)Math.Round(at.Y));

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
