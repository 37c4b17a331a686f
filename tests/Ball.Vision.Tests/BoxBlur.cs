using Ball.Pictures;
using OpenCvSharp;

namespace Ball.Vision.Tests;

/// <summary>An unsharp lens.</summary>
internal static class BoxBlur
{
    public static void Apply(Picture picture, int reach)
    {
        if (reach <= 0)
            return;
        var layout = picture.Layout;
        if (layout.Format == PixelFormat.I420)
        {
            Smooth(picture.Bytes, 0, layout.Width, layout.Height, layout.Stride, reach);
            var chroma = layout.Stride * layout.Height;
            Smooth(picture.Bytes, chroma, layout.Width / 2, layout.Height / 2, layout.Stride / 2, Math.Max(1, reach / 2));
            Smooth(picture.Bytes, chroma * 5 / 4, layout.Width / 2, layout.Height / 2, layout.Stride / 2, Math.Max(1, reach / 2));
            return;
        }
        var type = layout.Format == PixelFormat.Bgr24 ? MatType.CV_8UC3 : MatType.CV_8UC1;
        using var all = Mat.FromPixelData(layout.Height, layout.Width, type, picture.Bytes, layout.Stride);
        Cv2.GaussianBlur(all, all, new Size((2 * reach) + 1, (2 * reach) + 1), 0);
    }

    private static unsafe void Smooth(byte[] bytes, int offset, int width, int height, int stride, int reach)
    {
        fixed (byte* start = &bytes[offset])
        {
            using var plane = Mat.FromPixelData(height, width, MatType.CV_8UC1, (IntPtr)start, stride);
            Cv2.GaussianBlur(plane, plane, new Size((2 * reach) + 1, (2 * reach) + 1), 0);
        }
    }
}
