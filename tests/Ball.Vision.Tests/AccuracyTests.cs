using Ball.Pictures;
using Ball.World;
using Xunit.Abstractions;

namespace Ball.Vision.Tests;

/// <summary>How exact both finders are, scene by scene. docs/accuracy.md is this test's output.</summary>
public sealed class AccuracyTests(ITestOutputHelper output)
{
    // Scene, then the largest mean error allowed: centroid, Hough (NaN: not asked of it).
    private static readonly (Scene Scene, double Centroid, double Hough)[] Scenes =
    [
        (new("clean, I420"), 0.05, 0.45),
        (new("clean, BGR") { Format = PixelFormat.Bgr24 }, 0.05, 0.45),
        (new("clean, gray") { Format = PixelFormat.Gray8 }, 0.05, 0.45),
        (new("H.264, 1.5 Mbit/s") { Bitrate = 1_500_000 }, 0.15, 0.45),
        (new("H.264, 500 kbit/s") { Bitrate = 500_000 }, 0.15, 0.45),
        (new("H.264, 250 kbit/s") { Bitrate = 250_000 }, 0.2, 0.5),
        (new("noise 5") { Noise = 5 }, 0.05, 0.5),
        (new("noise 15") { Noise = 15 }, 0.15, 0.6),
        (new("noise 5 and H.264, 1.5 Mbit/s") { Noise = 5, Bitrate = 1_500_000 }, 0.15, 0.6),
        (new("blur of 5x5") { Blur = 2 }, 0.05, 0.45),
        (new("blur of 11x11") { Blur = 5 }, 0.05, 0.6),
        (new("red on green") { World = new() { Ball = new(0, 0, 255), Background = new(0, 100, 0) } }, 0.05, 0.45),
        (new("blue on white") { World = new() { Ball = new(255, 0, 0), Background = new(255, 255, 255) } }, 0.05, 0.45),
        (new("white on black") { World = new() { Ball = new(255, 255, 255), Background = new(0, 0, 0) } }, 0.05, 0.45),
        (new("black on gray") { World = new() { Ball = new(0, 0, 0), Background = new(128, 128, 128) } }, 0.05, 0.45),
        (new("magenta on green, equal luma") { World = new() { Ball = new(255, 64, 160), Background = new(0, 180, 0) } }, 0.1, double.NaN),
        (new("320x240") { World = new() { Width = 320, Height = 240, Radius = 10, Speed = 120 } }, 0.05, 0.45),
        (new("1280x720") { World = new() { Width = 1280, Height = 720, Radius = 30, Speed = 480 }, Frames = 60 }, 0.05, 0.45),
        (new("1920x1080") { World = new() { Width = 1920, Height = 1080, Radius = 45, Speed = 720 }, Frames = 60 }, 0.05, 0.45),
        (new("1920x1080, H.264 4 Mbit/s") { World = new() { Width = 1920, Height = 1080, Radius = 45, Speed = 720 }, Frames = 40, Bitrate = 4_000_000 }, 0.15, 0.45),
        (new("a small ball (radius 4)") { World = new() { Radius = 4 } }, 0.05, 0.5),
        (new("a fast ball (1500 px/s)") { World = new() { Speed = 1500 } }, 0.05, 0.45),
        (new("half outside, left") { Path = n => new(2 + (n * 0.1) - 6, 200.3 + (n * 0.37)) }, 0.1, double.NaN),
        (new("into a corner, H.264 1.5 Mbit/s") { Path = n => new(24 - (n * 0.2), 24 - (n * 0.15)), Bitrate = 1_500_000 }, 0.3, double.NaN),
    ];

    [Fact]
    public void The_ball_is_where_the_finders_say()
    {
        output.WriteLine("| scene | centroid: mean | p95 | max | radius | missed | Hough: mean | p95 | max | radius | missed |");
        output.WriteLine("|---|---|---|---|---|---|---|---|---|---|---|");
        var failures = new List<string>();
        foreach (var (scene, centroidBound, houghBound) in Scenes)
        {
            var centroid = Run(scene, BallFinders.Centroid);
            var hough = Run(scene, BallFinders.Hough);
            output.WriteLine($"| {scene.Name} | {Row(centroid)} | {Row(hough)} |");
            if (!(centroid.Mean <= centroidBound) || centroid.Missed > 0)
                failures.Add($"centroid, {scene.Name}: {Row(centroid)}");
            if (!double.IsNaN(houghBound) && (!(hough.Mean <= houghBound) || hough.Missed > 0))
                failures.Add($"Hough, {scene.Name}: {Row(hough)}");
        }
        Assert.Empty(failures);
    }

    private static Score Run(Scene scene, string finderName)
    {
        using var finder = BallFinders.Create(finderName);
        return scene.Run(finder);
    }

    private static string Row(Score score) =>
        $"{score.Mean:0.000} | {score.P95:0.000} | {score.Max:0.000} | {score.MeanRadiusError:0.00} | {score.Missed}";
}
