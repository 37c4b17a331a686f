using Ball.Media;
using Ball.Pictures;
using Ball.World;

namespace Ball.Vision.Tests;

/// <summary>A film of the ball, and what happens to it on its way to the finder.</summary>
internal sealed record Scene(string Name)
{
    public WorldOptions World { get; init; } = new();

    public PixelFormat Format { get; init; } = PixelFormat.I420;

    /// <summary>Bits per second of the H.264 in between; 0 for none.</summary>
    public int Bitrate { get; init; }

    /// <summary>Standard deviation of the noise on every byte.</summary>
    public double Noise { get; init; }

    /// <summary>Pixels on each side that are averaged into one.</summary>
    public int Blur { get; init; }

    public int Frames { get; init; } = 120;

    /// <summary>Where the ball is in frame n; by default on the world's own path.</summary>
    public Func<int, BallPosition>? Path { get; init; }

    public Score Run(IBallFinder finder)
    {
        var score = new Score();
        Play((picture, truth, _) => score.Add(finder.Find(picture), truth, World.Radius));
        return score;
    }

    public void Play(Show show)
    {
        const int framesPerSecond = 30;
        var world = new Ball.World.World(World, 0);
        var canvas = new Canvas(Format);
        var spoiled = new Picture(World.Width, World.Height, Format);
        var noise = new GaussianNoise(7, Noise);
        using var encoder = Bitrate > 0
            ? new H264Encoder(new H264EncoderOptions { Bitrate = Bitrate, FrameRate = framesPerSecond })
            : null;
        using var decoder = Bitrate > 0 ? new H264Decoder() : null;
        for (var n = 0; n < Frames; n++)
        {
            var truth = Path?.Invoke(n) ?? world.At(n * 1_000_000_000L / framesPerSecond);
            var picture = canvas.Paint(World, truth);
            if (Blur > 0 || Noise > 0)
            {
                picture.Bytes.CopyTo(spoiled.Bytes);
                BoxBlur.Apply(spoiled, Blur);
                noise.AddTo(spoiled.Bytes);
                picture = spoiled.View;
            }
            if (encoder is not null && decoder is not null)
            {
                var unit = encoder.Encode(picture, n * 1000L / framesPerSecond);
                Assert.Equal(H264DecodeResult.Decoded, decoder.Decode(unit, out picture));
            }
            show(picture, truth, n);
        }
    }

    internal delegate void Show(PictureView picture, BallPosition truth, int frame);
}
