using System.Runtime.InteropServices;

namespace OpenCvSharp;

/// <summary>The part of libopencv_imgproc's C API that is used here.</summary>
internal static partial class ImgprocLibrary
{
    public const string Name = "opencv_imgproc";

    /// <summary>Bytes that certainly hold a <c>CvFont</c>.</summary>
    public const int FontBytes = 256;

    [LibraryImport(Name, EntryPoint = "cvCvtColor")]
    public static partial void ConvertColor(in MatHeader src, in MatHeader dst, int code);

    [LibraryImport(Name, EntryPoint = "cvSmooth")]
    public static partial void Smooth(
        in MatHeader src, in MatHeader dst, SmoothKind kind, int width, int height, double sigma1, double sigma2);

    [LibraryImport(Name, EntryPoint = "cvCopyMakeBorder")]
    public static partial void CopyWithBorder(in MatHeader src, in MatHeader dst, Point offset, int border, Scalar value);

    [LibraryImport(Name, EntryPoint = "cvResize")]
    public static partial void Resize(in MatHeader src, in MatHeader dst, int interpolation);

    [LibraryImport(Name, EntryPoint = "cvHoughCircles")]
    public static partial IntPtr HoughCircles(
        in MatHeader image, MemoryStorage circles, int method, double dp, double minDist, double param1, double param2,
        int minRadius, int maxRadius);

    [LibraryImport(Name, EntryPoint = "cvMoments")]
    public static partial void Moments(in MatHeader src, out MomentValues moments, int binary);

    [LibraryImport(Name, EntryPoint = "cvThreshold")]
    public static partial double Threshold(in MatHeader src, in MatHeader dst, double threshold, double max, int type);

    [LibraryImport(Name, EntryPoint = "cvCircle")]
    public static partial void Circle(
        in MatHeader image, Point center, int radius, Scalar color, int thickness, int lineType, int shift);

    [LibraryImport(Name, EntryPoint = "cvLine")]
    public static partial void Line(
        in MatHeader image, Point pt1, Point pt2, Scalar color, int thickness, int lineType, int shift);

    [LibraryImport(Name, EntryPoint = "cvRectangle")]
    public static partial void Rectangle(
        in MatHeader image, Point pt1, Point pt2, Scalar color, int thickness, int lineType, int shift);

    [LibraryImport(Name, EntryPoint = "cvInitFont")]
    public static unsafe partial void InitFont(
        byte* font, int face, double horizontal, double vertical, double shear, int thickness, int lineType);

    [LibraryImport(Name, EntryPoint = "cvPutText", StringMarshalling = StringMarshalling.Utf8)]
    public static unsafe partial void PutText(in MatHeader image, string text, Point origin, byte* font, Scalar color);

    [LibraryImport(Name, EntryPoint = "cvGetTextSize", StringMarshalling = StringMarshalling.Utf8)]
    public static unsafe partial void GetTextSize(string text, byte* font, out Size size, out int baseline);

    public enum SmoothKind
    {
        Box = 1,
        Gaussian = 2,
        Median = 3,
    }

    /// <summary>OpenCV's <c>CvMoments</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct MomentValues
    {
        public double M00, M10, M01, M20, M11, M02, M30, M21, M12, M03;
        public double Mu20, Mu11, Mu02, Mu30, Mu21, Mu12, Mu03;
        public double InverseRootM00;
    }
}
