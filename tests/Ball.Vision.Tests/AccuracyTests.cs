using Ball.Pictures;
using Ball.World;
using Xunit.Abstractions;

namespace Ball.Vision.Tests;

/// <summary>How exact both finders are, scene by scene. docs/accuracy.md is this test's output.</summary>
public sealed class AccuracyTests(ITestOutputHelper output)
{
    // Scene, then the largest mean error allowed: centroid, Hough (NaN: not asked of it).
    private static readonly (Scene Scene, double Centroid, double Hough)[] s_scenes =
    [
        (new("clean, I420"), 0.05, 0.45),
        (new("clean, BGR") { Format = PixelFormat.Bgr24 }, 0.05, 0.45),
        (new("clean, gray") { Format = PixelFormat.Gray8 }, 0.05, 0.45),
        (new("H.264, 1.5 Mbit/s") { Bitrate = 1_500_000 }, 0.15, 0.45),
        (new("H.264, 500 kbit/s") { Bitrate = 500_000 }, 0.15, 0.45),
        (new("H.264, 250 kbit/s") { Bitrate = 250_000 }, 0.15, 0.5),
        (new("noise 5") { Noise = 5 }, 0.05, 0.5),
        (new("noise 15") { Noise = 15 }, 0.05, 0.5),
        (new("noise 30") { Noise = 30 }, 0.15, 0.8),
        (new("noise 5, then H.264, 1.5 Mbit/s") { Noise = 5, Bitrate = 1_500_000 }, 0.05, 0.6),
        (new("blur of 5x5") { Blur = 2 }, 0.05, 0.45),
        (new("blur of 11x11") { Blur = 5 }, 0.05, 0.45),
        (new("red on green") { World = Colours(new(0, 0, 255), new(0, 100, 0)) }, 0.05, 0.45),
        (new("blue on white") { World = Colours(new(255, 0, 0), new(255, 255, 255)) }, 0.05, 0.45),
        (new("white on black") { World = Colours(new(255, 255, 255), new(0, 0, 0)) }, 0.05, 0.45),
        (new("black on gray") { World = Colours(new(0, 0, 0), new(128, 128, 128)) }, 0.05, 0.45),
        (new("violet on green of the same luma") { World = SameLuma }, 0.05, double.NaN),
        (new("the same, H.264, 1.5 Mbit/s") { World = SameLuma, Bitrate = 1_500_000 }, 0.15, double.NaN),
        (new("320x240") { World = Sized(320, 240) }, 0.05, 0.45),
        (new("320x240, H.264, 400 kbit/s") { World = Sized(320, 240), Bitrate = 400_000 }, 0.15, 0.5),
        (new("1280x720") { World = Sized(1280, 720), Frames = 60 }, 0.05, 0.45),
        (new("1920x1080") { World = Sized(1920, 1080), Frames = 60 }, 0.05, 0.45),
        (new("1920x1080, H.264, 4 Mbit/s") { World = Sized(1920, 1080), Frames = 40, Bitrate = 4_000_000 }, 0.15, 0.5),
        (new("a small ball (radius 4)") { World = new() { Radius = 4 } }, 0.05, 0.5),
        (new("a fast ball (1500 px/s)") { World = new() { Speed = 1500 } }, 0.05, 0.45),
        (new("half outside on the left") { Path = n => new(-4 + (n * 0.1), 200.3 + (n * 0.37)) }, 0.05, double.NaN),
        (new("into a corner, H.264, 1.5 Mbit/s") { Path = n => new(24 - (n * 0.2), 24 - (n * 0.15)), Bitrate = 1_500_000 },
            0.15, double.NaN),
        (new("two balls, the larger one") { Second = new(580, 420), Path = n => new(100 + n, 120 + n) }, 0.05, double.NaN),
        (new("no ball") { IsEmpty = true }, 0, 0),
        (new("no ball, noise 15, H.264, 500 kbit/s") { IsEmpty = true, Noise = 15, Bitrate = 500_000 }, 0, 0),
    ];

    private static WorldOptions SameLuma => Colours(new(255, 64, 160), new(0, 180, 0));

    [Fact]
    public void The_ball_is_where_the_finders_say()
    {
        output.WriteLine("| scene | centroid: mean | p95 | max | radius | none | Hough: mean | p95 | max | radius | none |");
        output.WriteLine("|---|---|---|---|---|---|---|---|---|---|---|");
        var failures = new List<string>();
        foreach (var (scene, centroidBound, houghBound) in s_scenes)
        {
            var centroid = Run(scene, BallFinders.Centroid);
            var hough = Run(scene, BallFinders.Hough);
            output.WriteLine($"| {scene.Name} | {Row(centroid)} | {Row(hough)} |");
            if (!Passes(scene, centroid, centroidBound))
                failures.Add($"centroid, {scene.Name}: {Row(centroid)}");
            if (!Passes(scene, hough, houghBound))
                failures.Add($"Hough, {scene.Name}: {Row(hough)}");
        }
        Assert.Empty(failures);
    }

    private static bool Passes(Scene scene, Score score, double bound) =>
        double.IsNaN(bound) || (scene.IsEmpty ? score.Missed == scene.Frames : score.Missed == 0 && score.Mean <= bound);

    private static WorldOptions Colours(Bgr ball, Bgr background) => new() { Ball = ball, Background = background };

    private static WorldOptions Sized(int width, int height) =>
        new() { Width = width, Height = height, Radius = height / 24.0, Speed = height / 2.0 };

    private static Score Run(Scene scene, string finderName)
    {
        using var finder = BallFinders.Create(finderName);
        return scene.Run(finder);
    }

    private static string Row(Score score) => double.IsNaN(score.Mean)
        ? $" | | | | {score.Missed}"
        : $"{score.Mean:0.000} | {score.P95:0.000} | {score.Max:0.000} | {score.MeanRadiusError:0.00} | {score.Missed}";
}
