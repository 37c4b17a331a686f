namespace OpenCvSharp;

public static partial class Cv2
{
    // Beyond this OpenCV would be busy for minutes with what nobody can see.
    private const int FarthestPixel = 1 << 20;

    public static void Line(
        InputOutputArray img, int pt1X, int pt1Y, int pt2X, int pt2Y, Scalar color, int thickness = 1,
        LineTypes lineType = LineTypes.Link8, int shift = 0) =>
        Line(img, new Point(pt1X, pt1Y), new Point(pt2X, pt2Y), color, thickness, lineType, shift);

    /// <summary>Draws a line.</summary>
    public static void Line(
        InputOutputArray img, Point pt1, Point pt2, Scalar color, int thickness = 1, LineTypes lineType = LineTypes.Link8,
        int shift = 0)
    {
        var canvas = Check.Canvas(img);
        Check.Stroke(thickness, lineType, shift);
        Check.That(thickness > 0, $"A line is at least 1 thick, not {thickness}.");
        Near(pt1, shift);
        Near(pt2, shift);
        using var on = canvas.Lease();
        ImgprocLibrary.Line(in on.Header, pt1, pt2, color, thickness, (int)lineType, shift);
    }

    /// <summary>Draws a rectangle; filled where the thickness is negative.</summary>
    public static void Rectangle(
        InputOutputArray img, Point pt1, Point pt2, Scalar color, int thickness = 1, LineTypes lineType = LineTypes.Link8,
        int shift = 0)
    {
        var canvas = Check.Canvas(img);
        Check.Stroke(thickness, lineType, shift);
        Near(pt1, shift);
        Near(pt2, shift);
        using var on = canvas.Lease();
        ImgprocLibrary.Rectangle(in on.Header, pt1, pt2, color, thickness, (int)lineType, shift);
    }

    /// <summary>Draws a rectangle; filled where the thickness is negative.</summary>
    public static void Rectangle(
        InputOutputArray img, Rect rect, Scalar color, int thickness = 1, LineTypes lineType = LineTypes.Link8, int shift = 0)
    {
        Check.Stroke(thickness, lineType, shift);
        if (rect.Width <= 0 || rect.Height <= 0)
            return;
        var inside = new Point(1 << shift, 1 << shift);
        Rectangle(img, rect.TopLeft, rect.BottomRight - inside, color, thickness, lineType, shift);
    }

    public static void Circle(
        InputOutputArray img, int centerX, int centerY, int radius, Scalar color, int thickness = 1,
        LineTypes lineType = LineTypes.Link8, int shift = 0) =>
        Circle(img, new Point(centerX, centerY), radius, color, thickness, lineType, shift);

    /// <summary>Draws a circle; filled where the thickness is negative.</summary>
    public static void Circle(
        InputOutputArray img, Point center, int radius, Scalar color, int thickness = 1, LineTypes lineType = LineTypes.Link8,
        int shift = 0)
    {
        var canvas = Check.Canvas(img);
        Check.Stroke(thickness, lineType, shift);
        Near(center, shift);
        Check.That(radius >= 0 && radius >> shift <= FarthestPixel, $"There is no radius {radius}.");
        using var on = canvas.Lease();
        ImgprocLibrary.Circle(in on.Header, center, radius, color, thickness, (int)lineType, shift);
    }

    /// <summary>Writes a line of text; characters beyond ASCII become question marks.</summary>
    public static void PutText(
        InputOutputArray img, string text, Point org, HersheyFonts fontFace, double fontScale, Scalar color, int thickness = 1,
        LineTypes lineType = LineTypes.Link8, bool bottomLeftOrigin = false)
    {
        var canvas = Check.Canvas(img);
        Printable(text, fontFace, fontScale, thickness, lineType);
        Near(org, 0);
        using var on = canvas.Lease();
        unsafe
        {
            var font = stackalloc byte[ImgprocLibrary.FontBytes];
            ImgprocLibrary.InitFont(font, (int)fontFace, fontScale, fontScale, 0, thickness, (int)lineType);
            if (!bottomLeftOrigin)
            {
                ImgprocLibrary.PutText(in on.Header, text, org, font, color);
                return;
            }

            // The C API knows such pictures only as a kind of its own; so turn this one upside down for a moment.
            CoreLibrary.Flip(in on.Header, in on.Header, 0);
            ImgprocLibrary.PutText(in on.Header, text, new Point(org.X, canvas.Rows - 1 - org.Y), font, color);
            CoreLibrary.Flip(in on.Header, in on.Header, 0);
        }
    }

    /// <summary>How much room a line of text takes.</summary>
    public static Size GetTextSize(string text, HersheyFonts fontFace, double fontScale, int thickness, out int baseLine)
    {
        Printable(text, fontFace, fontScale, thickness, LineTypes.Link8);
        unsafe
        {
            var font = stackalloc byte[ImgprocLibrary.FontBytes];
            ImgprocLibrary.InitFont(font, (int)fontFace, fontScale, fontScale, 0, thickness, (int)LineTypes.Link8);
            ImgprocLibrary.GetTextSize(text, font, out var size, out baseLine);
            return size;
        }
    }

    private static void Near(Point point, int shift) =>
        Check.That(Math.Abs((long)point.X) >> shift <= FarthestPixel && Math.Abs((long)point.Y) >> shift <= FarthestPixel,
            $"{point} is too far away.");

    private static void Printable(string text, HersheyFonts face, double scale, int thickness, LineTypes lineType)
    {
        ArgumentException.ThrowIfNullOrEmpty(text);
        Check.That((face & ~HersheyFonts.Italic) is >= HersheyFonts.HersheySimplex and <= HersheyFonts.HersheyScriptComplex,
            $"There is no font {face}.");
        Check.That(scale is > 0 and < 1000, $"There is no text at scale {scale}.");
        Check.That(thickness > 0, $"A line is at least 1 thick, not {thickness}.");
        Check.Stroke(thickness, lineType, 0);
    }
}
