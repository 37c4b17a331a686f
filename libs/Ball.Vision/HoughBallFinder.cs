using Ball.Pictures;
using OpenCvSharp;

namespace Ball.Vision;

/// <summary>
/// Finds the ball by OpenCV's Hough gradient, on luma. The distance between circles is the whole picture, so that there is
/// exactly one or none; what it votes for is then looked at, since Hough also sees circles in plain noise.
/// </summary>
public sealed class HoughBallFinder : IBallFinder
{
    private const int SmallestRadius = 3;

    // Above this much noise (standard deviation, 0-255) the picture is smoothed first.
    private const double NoisyAbove = 2;

    // The votes that a circle of some ten pixels of radius gets, and those of one of five. Fewer votes mean many more
    // candidates, each of which costs time, so they are tried only on a clean picture.
    private const double ManyVotes = 20;
    private const double FewVotes = 10;

    private readonly Mat gray = new();
    private readonly Mat smooth = new();
    private Mat? wrapped;
    private PictureLayout wrappedLayout;

    public unsafe Sighting Find(PictureView picture)
    {
        // The bytes may move as soon as they are no longer fixed, so everything that reads them happens in here.
        fixed (byte* pixels = picture.Bytes)
        {
            var view = Wrap((IntPtr)pixels, picture.Layout);
            if (picture.Format != PixelFormat.Bgr24)
                return Find(view);
            Cv2.CvtColor(view, gray, ColorConversionCodes.BGR2GRAY);
            return Find(gray);
        }
    }

    public void Dispose()
    {
        wrapped?.Dispose();
        gray.Dispose();
        smooth.Dispose();
    }

    private Sighting Find(Mat luma)
    {
        var noise = Noise(luma);
        if (noise <= NoisyAbove)
        {
            var clean = Find(luma, luma, edge: 100, ManyVotes);
            return clean.IsBall ? clean : Find(luma, luma, edge: 60, FewVotes);
        }
        Cv2.GaussianBlur(luma, smooth, new Size(9, 9), 2);
        return Find(luma, smooth, edge: Math.Clamp(3 * noise, 60, 300), ManyVotes);
    }

    private static Sighting Find(Mat luma, Mat searched, double edge, double votes)
    {
        var apart = Math.Max(luma.Width, luma.Height) * 2;
        var circles = Cv2.HoughCircles(
            searched, HoughModes.Gradient, dp: 1, minDist: apart, param1: edge, param2: votes,
            minRadius: SmallestRadius, maxRadius: Math.Min(luma.Width, luma.Height) / 2);
        if (circles.Length == 0)
            return Sighting.None;
        var (centre, radius) = (circles[0].Center, circles[0].Radius);
        var confidence = new RingProbe(searched, centre.X, centre.Y, radius).Confidence();
        return confidence > 0 ? new Sighting(centre.X, centre.Y, radius, confidence) : Sighting.None;
    }

    private static unsafe double Noise(Mat luma)
    {
        // Second differences along every eighth row: the ball and its edge hardly count.
        long sum = 0, count = 0;
        var start = luma.DataPointer;
        for (var y = 0; y < luma.Rows; y += 8)
        {
            var row = start + (y * luma.Step());
            for (var x = 1; x < luma.Cols - 1; x += 2)
                sum += Math.Abs((2 * row[x]) - row[x - 1] - row[x + 1]);
            count += (luma.Cols - 1) / 2;
        }

        // The mean of |2a - b - c| of Gaussian noise, in standard deviations.
        const double perDeviation = 1.954;
        return count == 0 ? 0 : sum / (count * perDeviation);
    }

    private Mat Wrap(IntPtr pixels, PictureLayout layout)
    {
        if (wrapped is not null && wrapped.Data == pixels && wrappedLayout == layout)
            return wrapped;
        wrapped?.Dispose();
        var type = layout.Format == PixelFormat.Bgr24 ? MatType.CV_8UC3 : MatType.CV_8UC1;
        wrappedLayout = layout;
        return wrapped = Mat.FromPixelData(layout.Height, layout.Width, type, pixels, layout.Stride);
    }
}
