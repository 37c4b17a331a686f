using System.Globalization;
using Ball.Handoff;
using Ball.Pictures;
using Ball.Vision.Windows;
using OpenCvSharp;

namespace BallClient.Views;

/// <summary>
/// What the client sees, with the detection drawn over it. A picture is held back until its own detection is there, or the next
/// picture: a ring that trails its ball by a frame would be a lie.
/// </summary>
internal sealed class ClientWindow : IDisposable
{
    private static readonly Scalar s_ring = new(80, 80, 255);
    private static readonly Scalar s_text = new(230, 230, 230);

    private readonly PictureWindow _window = new("BallClient");
    private readonly Lock _gate = new();
    private Picture? _held;
    private uint _heldRtp;
    private bool _isHeld;

    /// <summary>Ends when the user closes it; fails when there can be no window.</summary>
    public Task Closed => _window.Closed;

    public void Show(uint rtp, PictureView picture)
    {
        lock (_gate)
        {
            if (_isHeld)
                _window.Offer(_held!.View);
            if (_held?.Layout != picture.Layout)
                _held = new Picture(picture.Layout);
            picture.Bytes.CopyTo(_held.Bytes);
            (_heldRtp, _isHeld) = (rtp, true);
        }
    }

    public void Found(in Coordinate coordinate)
    {
        lock (_gate)
        {
            if (!_isHeld || coordinate.RtpTimestamp != _heldRtp)
                return;
            _isHeld = false;
            var found = coordinate;
            _window.Offer(_held!.View, found.IsBall ? picture => Draw(picture, found) : null);
        }
    }

    public void Dispose() => _window.Dispose();

    private static void Draw(Mat picture, in Coordinate found)
    {
        var at = new Point((int)Math.Round(found.X), (int)Math.Round(found.Y));
        Cv2.Circle(picture, at, (int)Math.Round(found.Radius) + 3, s_ring, 2, LineTypes.AntiAlias);
        var detection = (found.EndedAt - found.StartedAt) / 1e6;
        var text = string.Create(CultureInfo.InvariantCulture,
            $"{found.X:0.0}, {found.Y:0.0}   {found.Finder} {detection:0.00} ms");
        Cv2.PutText(picture, text, new Point(10, 20), HersheyFonts.HersheySimplex, 0.45, s_text, 1, LineTypes.AntiAlias);
    }
}
