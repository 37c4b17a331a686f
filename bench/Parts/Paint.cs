using Ball.Pictures;
using Ball.World;
using BenchmarkDotNet.Attributes;

namespace Ball.Bench.Parts;

/// <summary>One frame of the world: where the ball is, and a picture of it.</summary>
public class Paint
{
    private const long Period = 1_000_000_000 / 60;

    private Canvas[] _canvases = [];
    private WorldOptions _look = new();
    private Ball.World.World? _world;
    private long _frame;

    [ParamsSource(nameof(Sizes))]
    public Size Size { get; set; }

    [Params(PixelFormat.I420, PixelFormat.Bgr24, PixelFormat.Gray8)]
    public PixelFormat Format { get; set; }

    public static IEnumerable<Size> Sizes => [Size.Vga, Size.Hd];

    [GlobalSetup]
    public void Setup()
    {
        _look = new WorldOptions { Width = Size.Width, Height = Size.Height };
        _world = new Ball.World.World(_look, 0);
        _canvases = [new(Format), new(Format), new(Format)];
    }

    [Benchmark]
    public int PaintFrame()
    {
        _frame++;
        return _canvases[_frame % 3].Paint(_look, _world!.At(_frame * Period)).Width;
    }
}
