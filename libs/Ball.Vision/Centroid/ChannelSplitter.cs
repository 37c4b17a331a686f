using Ball.Pictures;

namespace Ball.Vision.Centroid;

/// <summary>Takes the channels of a packed picture apart, only where they are looked at.</summary>
internal sealed class ChannelSplitter
{
    private byte[] bytes = [];

    public Plane Split(PictureView picture, int channel, Box box)
    {
        var (width, height) = (picture.Width, picture.Height);
        var size = width * height;
        if (bytes.Length < size * 3)
            bytes = new byte[size * 3];
        var plane = bytes.AsSpan(channel * size, size);
        for (var y = box.Top; y < box.Bottom; y++)
        {
            var from = picture.Bytes.Slice((y * picture.Stride) + (box.Left * 3), box.Width * 3);
            var to = plane.Slice((y * width) + box.Left, box.Width);
            for (int x = 0, at = channel; x < to.Length; x++, at += 3)
                to[x] = from[at];
        }
        return new Plane(plane, width, height, width, 1);
    }
}
