using Ball.Media;
using Ball.Pictures;
using Ball.World;
using BenchmarkDotNet.Attributes;

namespace Ball.Bench.Parts;

/// <summary>A moving ball through the encoder and the decoder, at 1.5 Mbit/s and 30 frames a second.</summary>
public class H264
{
    private const int Frames = 300;

    private readonly List<Picture> _pictures = [];
    private readonly List<byte[]> _units = [];
    private H264Encoder? _encoder;
    private H264Decoder? _decoder;
    private int _encoded;
    private int _decoded;

    [ParamsSource(nameof(Sizes))]
    public Size Size { get; set; }

    public static IEnumerable<Size> Sizes => [Size.Vga, Size.Hd];

    [GlobalSetup]
    public void Setup()
    {
        var look = new WorldOptions { Width = Size.Width, Height = Size.Height };
        var path = BallPath.Create(look);
        _encoder = new H264Encoder(new H264EncoderOptions());
        _decoder = new H264Decoder();
        for (var i = 0; i < Frames; i++)
        {
            var canvas = new Canvas(PixelFormat.I420);
            _units.Add(_encoder.Encode(canvas.Paint(look, path.At(i * 1_000_000_000L / 30)), i * 33).ToArray());
            if (i < 60)
                _pictures.Add(canvas.Picture!);
        }
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        _encoder?.Dispose();
        _decoder?.Dispose();
        _pictures.Clear();
        _units.Clear();
    }

    [Benchmark]
    public int Encode()
    {
        _encoded++;

        // There and back again, so that the ball never jumps.
        var at = _encoded % 118;
        return _encoder!.Encode(_pictures[at < 60 ? at : 118 - at].View, _encoded * 33L).Length;
    }

    [Benchmark]
    public H264DecodeResult Decode() => _decoder!.Decode(_units[_decoded++ % Frames], out _);
}
