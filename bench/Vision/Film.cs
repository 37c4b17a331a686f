using Ball.Pictures;
using Ball.World;

namespace Ball.Bench.Vision;

/// <summary>Two seconds of the ball at 640x480 and 30 frames a second, painted beforehand.</summary>
internal sealed class Film
{
    private const int Count = 60;

    private readonly Picture[] pictures = new Picture[Count];
    private int next;

    public Film(PixelFormat format)
    {
        var options = new WorldOptions();
        var world = new Ball.World.World(options, 0);
        for (var n = 0; n < Count; n++)
        {
            pictures[n] = new Picture(options.Width, options.Height, format);
            new Canvas(pictures[n]).Paint(options, world.At(n * 1_000_000_000L / 30));
        }
    }

    public IReadOnlyList<Picture> Pictures => pictures;

    public PictureView Next()
    {
        next = next + 1 == Count ? 0 : next + 1;
        return pictures[next].View;
    }
}
