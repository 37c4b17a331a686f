using Ball.Pictures;
using Ball.Vision.Centroid;

namespace Ball.Vision;

/// <summary>
/// Finds the ball as the centroid of whatever differs from the background, to a few hundredths of a pixel. It needs to know
/// neither colour: it learns both from the picture, and looks at the plane in which they differ most. Once found, the ball
/// is followed in a small region; the whole picture is searched when it is not there, and now and then for a second one.
/// </summary>
/// <remarks>
/// With several balls it stays with the one it follows, else takes the largest, and halves its confidence. A ball that the
/// frame cuts off is completed to a circle. Once warm, a call allocates nothing.
/// </remarks>
public sealed class CentroidBallFinder : IBallFinder
{
    private const int Planes = 3;
    private const float LeastConfidence = 0.25f;

    // Pictures after which the whole picture is searched even though the ball is where it should be.
    private const int FullSearchEvery = 30;

    private readonly BlobSearch _search = new();
    private readonly Gauge _gauge = new();
    private readonly ChannelSplitter _splitter = new();

    private PictureLayout _layout;
    private Measurement _followed;
    private int _followedPlane;
    private double _velocityX;
    private double _velocityY;
    private double _knownRadius;
    private int _sinceFullSearch;
    private bool _hasRival;

    public Sighting Find(PictureView picture)
    {
        if (picture.Layout.Width != _layout.Width || picture.Layout.Height != _layout.Height
            || picture.Layout.Format != _layout.Format)
        {
            _layout = picture.Layout;
            Forget();
        }
        if (_followed.IsBall && _sinceFullSearch < FullSearchEvery)
        {
            _sinceFullSearch++;
            if (Follow(picture) is { IsBall: true } near)
                return Report(picture, near);
        }
        var found = SearchAll(picture);
        if (found.IsBall)
            return Report(picture, found);
        Forget();
        return Sighting.None;
    }

    public void Dispose()
    {
        // Nothing native here; the interface is for finders that have it.
    }

    private Sighting Report(PictureView picture, Measurement found)
    {
        if (_followed.IsBall)
        {
            _velocityX = found.Disc.X - _followed.Disc.X;
            _velocityY = found.Disc.Y - _followed.Disc.Y;
        }
        _followed = found;
        if (!found.IsClipped)
            _knownRadius = found.Disc.Radius;
        var plane = PlaneOf(picture, _followedPlane, default);
        return new Sighting(
            (float)plane.ToPicture(found.Disc.X), (float)plane.ToPicture(found.Disc.Y), (float)(found.Disc.Radius * plane.Scale),
            _hasRival ? found.Confidence / 2 : found.Confidence);
    }

    private void Forget()
    {
        _followed = default;
        _velocityX = _velocityY = 0;
        _knownRadius = 0;
        _hasRival = false;
        _sinceFullSearch = 0;
    }

    private Measurement Follow(PictureView picture)
    {
        // The ball is either where it was going, or it has bounced on the way.
        var disc = _followed.Disc;
        var margin = disc.Radius + 6;
        var (speedX, speedY) = (Math.Abs(_velocityX), Math.Abs(_velocityY));
        var box = Box.Around(
            disc.X + (_velocityX / 2), disc.Y + (_velocityY / 2), margin + speedX + 2, margin + speedY + 2);
        var bounds = Bounds(picture, _followedPlane);
        box = box.Within(bounds);
        if (box.IsEmpty)
            return default;
        var plane = PlaneOf(picture, _followedPlane, box);
        var found = _gauge.Measure(plane, box, _followed.Levels, _knownRadius);
        if (found.Confidence < LeastConfidence || !Resembles(found))
            return default;
        var levels = found.Levels;
        return Gauge.TryRefresh(plane, box, found.Disc, ref levels) ? found with { Levels = levels } : default;
    }

    /// <summary>Whether it can be the ball of the last picture: it does not change its size at once.</summary>
    private bool Resembles(Measurement found)
    {
        const double tolerance = 0.2;
        return Math.Abs(found.Disc.Radius - _followed.Disc.Radius) <= (tolerance * _followed.Disc.Radius) + 0.5
            && found.Confidence >= _followed.Confidence * 0.6f;
    }

    private Measurement SearchAll(PictureView picture)
    {
        _sinceFullSearch = 0;
        var planes = picture.Format == PixelFormat.Gray8 ? 1 : Planes;
        Measurement best = default;
        var bestWorth = 0.0;
        var (bestPlane, bestRival) = (_followedPlane, false);
        for (var index = 0; index < planes; index++)
        {
            var plane = PlaneOf(picture, index, Bounds(picture, index));
            _search.Search(plane);
            var found = Choose(plane, index, out var rival);
            // A chroma plane has to show the ball twice as clearly, since it has half the pixels each way.
            var worth = found.Confidence * found.Levels.Contrast / plane.Scale;
            if (worth <= bestWorth)
                continue;
            (best, bestWorth, bestPlane, bestRival) = (found, worth, index, rival);
        }
        if (bestPlane != _followedPlane && best.IsBall)
        {
            // What was known is in another plane's pixels.
            _followed = default;
            _velocityX = _velocityY = 0;
        }
        (_followedPlane, _hasRival) = (bestPlane, bestRival);
        return best;
    }

    /// <summary>Among the blobs of one plane, the ball that was followed, else the largest.</summary>
    private Measurement Choose(Plane plane, int index, out bool rival)
    {
        const int surroundings = 8;
        Measurement best = default;
        var bestWorth = 0.0;
        var balls = 0;
        var following = _followed.IsBall && index == _followedPlane;
        foreach (var blob in _search.Blobs)
        {
            if (blob.Pixels < _search.LeastPixels || (balls > 0 && blob.Pixels * 5 < best.Area))
                break;
            var box = blob.Box.Grown(surroundings).Within(plane.Bounds);
            if (!_gauge.TryLearn(plane, blob.Box, _search.Background, _search.Noise, _search.Threshold, out var levels))
                continue;
            var found = _gauge.Measure(plane, box, levels, index == _followedPlane ? _knownRadius : 0);
            if (found.Confidence < LeastConfidence)
                continue;
            balls++;
            var worth = found.Area * found.Confidence;
            if (following)
            {
                var (x, y) = (_followed.Disc.X + _velocityX - found.Disc.X, _followed.Disc.Y + _velocityY - found.Disc.Y);
                var reach = (3 * _followed.Disc.Radius) + (2 * (Math.Abs(_velocityX) + Math.Abs(_velocityY)));
                if ((x * x) + (y * y) < reach * reach)
                    worth = 1e9 - ((x * x) + (y * y));
            }
            if (worth > bestWorth)
                (best, bestWorth) = (found, worth);
        }
        rival = balls > 1;
        return best;
    }

    private static Box Bounds(PictureView picture, int index)
    {
        var scale = picture.Format == PixelFormat.I420 && index > 0 ? 2 : 1;
        return new Box(0, 0, picture.Width / scale, picture.Height / scale);
    }

    private Plane PlaneOf(PictureView picture, int index, Box needed) => picture.Format switch
    {
        PixelFormat.Bgr24 => _splitter.Split(picture, index, needed),
        PixelFormat.I420 when index > 0 => new Plane(
            index == 1 ? picture.U : picture.V, picture.Width / 2, picture.Height / 2, picture.Stride / 2, 2),
        _ => new Plane(picture.Y, picture.Width, picture.Height, picture.Stride, 1),
    };
}
