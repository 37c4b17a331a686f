using Ball.Pictures;
using BenchmarkDotNet.Attributes;

namespace Ball.Bench.Parts;

/// <summary>Whole pictures from one format to another.</summary>
public class Convert
{
    private readonly Dictionary<PixelFormat, Picture> _pictures = [];

    [ParamsSource(nameof(Sizes))]
    public Size Size { get; set; }

    public static IEnumerable<Size> Sizes => [Size.Vga, Size.Hd];

    [GlobalSetup]
    public void Setup()
    {
        foreach (var format in Enum.GetValues<PixelFormat>())
        {
            _pictures[format] = new Picture(Size.Width, Size.Height, format);
            new Random(1).NextBytes(_pictures[format].Bytes);
        }
    }

    [Benchmark]
    public void I420ToBgr() => Run(PixelFormat.I420, PixelFormat.Bgr24);

    [Benchmark]
    public void BgrToI420() => Run(PixelFormat.Bgr24, PixelFormat.I420);

    [Benchmark]
    public void I420ToGray() => Run(PixelFormat.I420, PixelFormat.Gray8);

    [Benchmark]
    public void BgrToGray() => Run(PixelFormat.Bgr24, PixelFormat.Gray8);

    private void Run(PixelFormat from, PixelFormat to) => PixelConversion.Convert(_pictures[from].View, _pictures[to]);
}
