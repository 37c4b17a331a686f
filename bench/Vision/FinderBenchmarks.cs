using Ball.Pictures;
using Ball.Vision;
using BenchmarkDotNet.Attributes;

namespace Ball.Bench.Vision;

/// <summary>What one picture of 640x480 costs each finder.</summary>
[MemoryDiagnoser]
public class FinderBenchmarks
{
    private readonly Dictionary<PixelFormat, Film> _films = new()
    {
        [PixelFormat.I420] = new Film(PixelFormat.I420),
        [PixelFormat.Bgr24] = new Film(PixelFormat.Bgr24),
        [PixelFormat.Gray8] = new Film(PixelFormat.Gray8),
    };

    private readonly IBallFinder _centroid = BallFinders.Create(BallFinders.Centroid);
    private readonly IBallFinder _hough = BallFinders.Create(BallFinders.Hough);
    private readonly IBallFinder _lost = BallFinders.Create(BallFinders.Centroid);
    private readonly Dictionary<PixelFormat, Picture> _blanks = new()
    {
        [PixelFormat.I420] = new Picture(640, 480, PixelFormat.I420),
        [PixelFormat.Bgr24] = new Picture(640, 480, PixelFormat.Bgr24),
        [PixelFormat.Gray8] = new Picture(640, 480, PixelFormat.Gray8),
    };

    [Params(PixelFormat.I420, PixelFormat.Bgr24, PixelFormat.Gray8)]
    public PixelFormat Format { get; set; }

    [Benchmark]
    public Sighting Centroid() => _centroid.Find(_films[Format].Next());

    /// <summary>No ball there: the whole picture is searched each time.</summary>
    [Benchmark]
    public Sighting CentroidSearchingInVain() => _lost.Find(_blanks[Format].View);

    [Benchmark]
    public Sighting Hough() => _hough.Find(_films[Format].Next());

    [GlobalSetup]
    public void Blank()
    {
        foreach (var picture in _blanks.Values)
            picture.Bytes.AsSpan().Fill(90);
    }
}
