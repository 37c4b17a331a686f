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

    public int Frames { get; init; } = 80;

    /// <summary>Where the ball is in frame n; by default on the world's own path.</summary>
    public Func<int, BallPosition>? Path { get; init; }

    /// <summary>Where a second, smaller ball is.</summary>
    public BallPosition? Second { get; init; }

    /// <summary>There is nothing but background, and what happens to it.</summary>
    public bool IsEmpty { get; init; }

    public Score Run(IBallFinder finder)
    {
        var score = new Score();
        Play((picture, truth, _) => score.Add(finder.Find(picture), truth, World.Radius));
        return score;
    }

    public void Play(Show show)
    {
        const int framesPerSecond = 30;
        var nowhere = new BallPosition(-1000, -1000);
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
            var picture = canvas.Paint(World, IsEmpty ? nowhere : truth);
            if (Blur > 0 || Noise > 0 || Second is not null)
            {
                picture.Bytes.CopyTo(spoiled.Bytes);
                AddSecond(spoiled);
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

    private void AddSecond(Picture picture)
    {
        if (Second is not { } place)
            return;
        var empty = new Canvas(Format).Paint(World, new(-1000, -1000)).Bytes;
        var other = new Canvas(Format).Paint(World with { Radius = World.Radius * 0.7 }, place).Bytes;
        for (var i = 0; i < empty.Length; i++)
        {
            if (other[i] != empty[i])
                picture.Bytes[i] = other[i];
        }
    }

    internal delegate void Show(PictureView picture, BallPosition truth, int frame);
}
