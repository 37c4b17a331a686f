using Ball.Pictures;
using Ball.Vision;
using BenchmarkDotNet.Attributes;

namespace Ball.Bench.Vision;

/// <summary>What one picture of 640x480 costs each finder.</summary>
[MemoryDiagnoser]
public class FinderBenchmarks
{
    private readonly Dictionary<PixelFormat, Film> films = new()
    {
        [PixelFormat.I420] = new Film(PixelFormat.I420),
        [PixelFormat.Bgr24] = new Film(PixelFormat.Bgr24),
        [PixelFormat.Gray8] = new Film(PixelFormat.Gray8),
    };

    private readonly IBallFinder centroid = BallFinders.Create(BallFinders.Centroid);
    private readonly IBallFinder hough = BallFinders.Create(BallFinders.Hough);
    private readonly IBallFinder lost = BallFinders.Create(BallFinders.Centroid);
    private readonly Dictionary<PixelFormat, Picture> blanks = new()
    {
        [PixelFormat.I420] = new Picture(640, 480, PixelFormat.I420),
        [PixelFormat.Bgr24] = new Picture(640, 480, PixelFormat.Bgr24),
        [PixelFormat.Gray8] = new Picture(640, 480, PixelFormat.Gray8),
    };

    [Params(PixelFormat.I420, PixelFormat.Bgr24, PixelFormat.Gray8)]
    public PixelFormat Format { get; set; }

    [Benchmark]
    public Sighting Centroid() => centroid.Find(films[Format].Next());

    /// <summary>No ball there: the whole picture is searched each time.</summary>
    [Benchmark]
    public Sighting CentroidSearchingInVain() => lost.Find(blanks[Format].View);

    [Benchmark]
    public Sighting Hough() => hough.Find(films[Format].Next());

    [GlobalSetup]
    public void Blank()
    {
        foreach (var picture in blanks.Values)
            picture.Bytes.AsSpan().Fill(90);
    }
}
