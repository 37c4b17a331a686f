using Ball.Pictures;
using Ball.World;

namespace Ball.Bench.Vision;

/// <summary>Two seconds of the ball at 640x480 and 30 frames a second, painted beforehand.</summary>
internal sealed class Film
{
    private const int Count = 60;

    private readonly Picture[] _pictures = new Picture[Count];
    private int _next;

    public Film(PixelFormat format)
    {
        var options = new WorldOptions();
        var world = new Ball.World.World(options, 0);
        for (var n = 0; n < Count; n++)
        {
            _pictures[n] = new Picture(options.Width, options.Height, format);
            new Canvas(_pictures[n]).Paint(options, world.At(n * 1_000_000_000L / 30));
        }
    }

    public IReadOnlyList<Picture> Pictures => _pictures;

    public PictureView Next()
    {
        _next = _next + 1 == Count ? 0 : _next + 1;
        return _pictures[_next].View;
    }
}
