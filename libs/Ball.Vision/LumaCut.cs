using Ball.Pictures;
using OpenCvSharp;

namespace Ball.Vision;

/// <summary>
/// A piece of a picture's luma as OpenCV takes it, in memory that is used again while the piece keeps its size.
/// </summary>
internal sealed class LumaCut : IDisposable
{
    private readonly Mat _luma = new();
    private readonly Mat _smooth = new();
    private readonly Mat _colour = new();

    public Box Box { get; private set; }

    public Mat Luma => _luma;

    public void Take(PictureView picture, Box box)
    {
        Box = box;
        if (picture.Format != PixelFormat.Bgr24)
        {
            Copy(picture, 1, _luma, MatType.CV_8UC1);
            return;
        }
        Copy(picture, 3, _colour, MatType.CV_8UC3);
        Cv2.CvtColor(_colour, _luma, ColorConversionCodes.BGR2GRAY);
    }

    public Mat Smoothed()
    {
        Cv2.GaussianBlur(_luma, _smooth, new Size(9, 9), 2);
        return _smooth;
    }

    /// <summary>The standard deviation of the noise, 0-255; right only where the ball is a small part of the piece.</summary>
    public unsafe double Noise()
    {
        // Second differences along every eighth row: the ball and its edge hardly count.
        long sum = 0, count = 0;
        for (var y = 0; y < _luma.Rows; y += 8)
        {
            var row = _luma.DataPointer + (y * _luma.Step());
            for (var x = 1; x < _luma.Cols - 1; x += 2)
                sum += Math.Abs((2 * row[x]) - row[x - 1] - row[x + 1]);
            count += (_luma.Cols - 1) / 2;
        }

        // The mean of |2a - b - c| of Gaussian noise, in standard deviations.
        const double perDeviation = 1.954;
        return count == 0 ? 0 : sum / (count * perDeviation);
    }

    public void Dispose()
    {
        _luma.Dispose();
        _smooth.Dispose();
        _colour.Dispose();
    }

    private unsafe void Copy(PictureView picture, int pixelBytes, Mat to, MatType type)
    {
        to.Create(Box.Height, Box.Width, type);
        var length = Box.Width * pixelBytes;
        for (var y = 0; y < Box.Height; y++)
        {
            picture.Y.Slice(((Box.Top + y) * picture.Stride) + (Box.Left * pixelBytes), length)
                .CopyTo(new Span<byte>(to.DataPointer + (y * to.Step()), length));
        }
    }
}
