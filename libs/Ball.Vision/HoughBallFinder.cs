using Ball.Pictures;
using OpenCvSharp;

namespace Ball.Vision;

/// <summary>
/// Finds the ball by OpenCV's Hough gradient, on luma. The distance between circles is the whole picture, so that there is
/// exactly one or none; what it votes for is then looked at, since Hough also sees circles in plain noise. Once found, the ball
/// is followed in a small region; the whole picture is searched when it is not there, and now and then for a better one.
/// </summary>
/// <remarks>With several balls it stays with the one it follows until the whole picture is searched, and takes the one with the
/// most votes then. OpenCV works on the calling thread alone: a share of a picture is less work than waking a thread.</remarks>
public sealed class HoughBallFinder : IBallFinder
{
    private const int SmallestRadius = 3;

    // Above this much noise (standard deviation, 0-255) the picture is smoothed first.
    private const double NoisyAbove = 2;

    // The votes that a circle of some ten pixels of radius gets, and those of one of five. Fewer votes mean many more
    // candidates, each of which costs time, so they are tried only on a clean picture.
    private const double ManyVotes = 20;
    private const double FewVotes = 10;

    // Pictures after which the whole picture is searched even though the ball is where it should be.
    private const int FullSearchEvery = 30;

    private readonly LumaCut _whole = new();
    private readonly LumaCut _near = new();
    private PictureLayout _layout;
    private Manner _manner;
    private Sighting _followed;
    private float _velocityX;
    private float _velocityY;
    private int _sinceFullSearch;

    public HoughBallFinder() => Cv2.SetNumThreads(1);

    public Sighting Find(PictureView picture)
    {
        if (picture.Width != _layout.Width || picture.Height != _layout.Height || picture.Format != _layout.Format)
        {
            _layout = picture.Layout;
            _followed = Sighting.None;
        }
        var found = _followed.IsBall && _sinceFullSearch++ < FullSearchEvery ? Follow(picture) : Sighting.None;
        if (!found.IsBall)
            found = SearchAll(picture);
        (_velocityX, _velocityY) = _followed.IsBall ? (found.X - _followed.X, found.Y - _followed.Y) : default;
        return _followed = found;
    }

    public void Dispose()
    {
        _whole.Dispose();
        _near.Dispose();
    }

    private static Box All(PictureView picture) => new(0, 0, picture.Width, picture.Height);

    private Sighting Follow(PictureView picture)
    {
        // The ball is either where it was going, or it has bounced on the way.
        const int multiple = 32;
        var reach = RingProbe.Reach(_followed.Radius) + 2;
        var box = Box.Around(
            _followed.X + (_velocityX / 2), _followed.Y + (_velocityY / 2),
            reach + Math.Abs(_velocityX), reach + Math.Abs(_velocityY));
        _near.Take(picture, box.Rounded(multiple, All(picture)));
        var found = Search(_near, _manner, _followed.Radius * 0.6, _followed.Radius * 1.4);
        return found.Confidence >= _followed.Confidence * 0.6f && IsWhole(found, picture) ? found : Sighting.None;
    }

    /// <summary>Whether all around it was in view: else it may be a part of something larger.</summary>
    private bool IsWhole(Sighting found, PictureView picture)
    {
        var reach = RingProbe.Reach(found.Radius);
        var around = Box.Around(found.X, found.Y, reach, reach).Within(All(picture));
        return around.Within(_near.Box) == around;
    }

    private Sighting SearchAll(PictureView picture)
    {
        _sinceFullSearch = 0;
        _whole.Take(picture, All(picture));
        var largest = Math.Min(picture.Width, picture.Height) / 2.0;
        if (_whole.Noise() is > NoisyAbove and var noise)
        {
            _manner = new Manner(true, Math.Clamp(3 * noise, 60, 300), ManyVotes);
            return Search(_whole, _manner, SmallestRadius, largest);
        }
        _manner = new Manner(false, 100, ManyVotes);
        if (Search(_whole, _manner, SmallestRadius, largest) is { IsBall: true } clear)
            return clear;
        _manner = new Manner(false, 60, FewVotes);
        return Search(_whole, _manner, SmallestRadius, largest);
    }

    private static Sighting Search(LumaCut cut, Manner manner, double smallest, double largest)
    {
        var searched = manner.Smooths ? cut.Smoothed() : cut.Luma;
        var apart = Math.Max(searched.Width, searched.Height) * 2;
        var circles = Cv2.HoughCircles(
            searched, HoughModes.Gradient, dp: 1, minDist: apart, param1: manner.Edge, param2: manner.Votes,
            minRadius: Math.Max(SmallestRadius, (int)smallest), maxRadius: (int)Math.Ceiling(largest));
        if (circles.Length == 0)
            return Sighting.None;
        var (centre, radius) = (circles[0].Center, circles[0].Radius);
        var confidence = new RingProbe(searched, centre.X, centre.Y, radius).Confidence();
        return confidence > 0 ? new Sighting(cut.Box.Left + centre.X, cut.Box.Top + centre.Y, radius, confidence) : Sighting.None;
    }

    /// <summary>
    /// How a picture of some noise is searched: OpenCV's threshold for edges, and the fewest votes for a circle.
    /// </summary>
    private readonly record struct Manner(bool Smooths, double Edge, double Votes);
}
