using Ball.Pictures;
using Ball.World;

namespace Ball.Media.Tests;

/// <summary>A moving ball, frame after frame, as the server paints it.</summary>
internal sealed class Clip
{
    private readonly Canvas _canvas = new(PixelFormat.I420);
    private readonly WorldOptions _look;
    private readonly BallPath _path;
    private readonly double _frameRate;

    public Clip(int width = 320, int height = 240, double frameRate = 30, int seed = 1)
    {
        var radius = Math.Min(20, Math.Min(width, height) / 5);
        _look = new WorldOptions { Width = width, Height = height, Radius = radius, Seed = seed };
        _path = BallPath.Create(_look);
        _frameRate = frameRate;
    }

    public BallPosition Truth(int frame) => _path.At((long)(frame * 1e9 / _frameRate));

    public PictureView Frame(int frame) => _canvas.Paint(_look, Truth(frame));

    public long Milliseconds(int frame) => (long)(frame * 1000 / _frameRate);

    /// <summary>Access units of so many frames.</summary>
    public List<byte[]> Encode(H264Encoder encoder, int frames, int from = 0)
    {
        var units = new List<byte[]>();
        for (var i = from; i < from + frames; i++)
            units.Add(encoder.Encode(Frame(i), Milliseconds(i)).ToArray());
        return units;
    }

    public static double Psnr(PictureView a, PictureView b)
    {
        double error = 0;
        for (var y = 0; y < a.Height; y++)
        {
            for (var x = 0; x < a.Width; x++)
            {
                var difference = a.Y[y * a.Stride + x] - b.Y[y * b.Stride + x];
                error += difference * difference;
            }
        }
        return error == 0 ? 99 : 10 * Math.Log10(255 * 255 / (error / (a.Width * a.Height)));
    }

    /// <summary>Where the ball is by its luma alone.</summary>
    public static BallPosition Centroid(PictureView picture)
    {
        double sum = 0, sumX = 0, sumY = 0;
        for (var y = 0; y < picture.Height; y++)
        {
            for (var x = 0; x < picture.Width; x++)
            {
                var weight = picture.Y[y * picture.Stride + x] - 60.0;
                if (weight <= 0)
                    continue;
                sum += weight;
                sumX += weight * x;
                sumY += weight * y;
            }
        }
        return new BallPosition(sumX / sum, sumY / sum);
    }
}
