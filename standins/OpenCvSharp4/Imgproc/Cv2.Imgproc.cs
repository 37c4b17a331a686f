namespace OpenCvSharp;

/// <summary>OpenCV's functions.</summary>
public static partial class Cv2
{
    private const int LargestKernel = 4095;

    /// <summary>Converts a picture from one colour space to another.</summary>
    public static void CvtColor(InputArray src, OutputArray dst, ColorConversionCodes code, int dstCn = 0)
    {
        var source = Check.Source(src);
        var target = Check.Target(dst);
        var conversion = ColorConversion.Of(code);
        conversion.CheckSource(source, code);
        Check.That(dstCn == 0 || dstCn == conversion.TargetChannels, $"{code} gives {conversion.TargetChannels} channels.");
        var type = MatType.MakeType(source.Depth(), conversion.TargetChannels);
        using var output = new Output(source, target, conversion.TargetRows(source.Rows), source.Cols, type);
        using var from = source.Lease();
        using var to = output.Mat.Lease();
        ImgprocLibrary.ConvertColor(in from.Header, in to.Header, (int)code);
    }

    /// <summary>Smooths with a Gaussian kernel.</summary>
    public static void GaussianBlur(
        InputArray src, OutputArray dst, Size ksize, double sigmaX, double sigmaY = 0,
        BorderTypes borderType = BorderTypes.Default)
    {
        var source = Check.Source(src);
        var target = Check.Target(dst);
        Check.Finite(sigmaX, nameof(sigmaX));
        Check.Finite(sigmaY, nameof(sigmaY));
        if (sigmaY <= 0)
            sigmaY = sigmaX;
        var width = GaussianSide(ksize.Width, sigmaX, source.Depth());
        var height = GaussianSide(ksize.Height, sigmaY, source.Depth());
        Smooth(source, target, ImgprocLibrary.SmoothKind.Gaussian, width, height, sigmaX, sigmaY, borderType);
    }

    /// <summary>Smooths with a box.</summary>
    public static void Blur(
        InputArray src, OutputArray dst, Size ksize, Point? anchor = null, BorderTypes borderType = BorderTypes.Default)
    {
        var source = Check.Source(src);
        var target = Check.Target(dst);
        var centre = new Point(ksize.Width / 2, ksize.Height / 2);
        Check.That(anchor is null || anchor == new Point(-1, -1) || anchor == centre, "The box is anchored at its centre.");
        Check.That(ksize.Width is > 0 and <= LargestKernel && ksize.Height is > 0 and <= LargestKernel,
            $"There is no box of {ksize}.");
        Smooth(source, target, ImgprocLibrary.SmoothKind.Box, ksize.Width, ksize.Height, 0, 0, borderType);
    }

    /// <summary>Replaces each pixel by the median of its neighbourhood.</summary>
    public static void MedianBlur(InputArray src, OutputArray dst, int ksize)
    {
        var source = Check.Source(src);
        var target = Check.Target(dst);
        Check.That(ksize % 2 == 1 && ksize is > 0 and <= 255, $"The median's side is odd and 1 to 255, not {ksize}.");
        var depth = source.Depth();
        Check.That(source.Channels() is 1 or 3 or 4, $"There is no median of {source}.");
        Check.That(depth == MatType.CV_8U || (ksize <= 5 && depth is MatType.CV_16U or MatType.CV_16S or MatType.CV_32F),
            $"There is no median of side {ksize} of {source}.");
        using var output = new Output(source, target, source.Rows, source.Cols, source.Type());
        if (ksize == 1)
        {
            source.CopyTo(output.Mat);
            return;
        }
        using var from = source.Lease();
        using var to = output.Mat.Lease();
        ImgprocLibrary.Smooth(in from.Header, in to.Header, ImgprocLibrary.SmoothKind.Median, ksize, ksize, 0, 0);
    }

    /// <summary>Brings a picture to another size.</summary>
    public static void Resize(
        InputArray src, OutputArray dst, Size dsize, double fx = 0, double fy = 0,
        InterpolationFlags interpolation = InterpolationFlags.Linear)
    {
        var source = Check.Source(src);
        var target = Check.Target(dst);
        if (dsize == default)
        {
            Check.That(fx is > 0 and < 1000 && fy is > 0 and < 1000, "Resize takes a size or two factors.");
            dsize = new Size((int)Math.Round(source.Cols * fx), (int)Math.Round(source.Rows * fy));
        }
        Check.That(dsize.Width is > 0 and < short.MaxValue && dsize.Height is > 0 and < short.MaxValue
            && source.Cols < short.MaxValue && source.Rows < short.MaxValue, $"{source} cannot become {dsize}.");
        Check.That(interpolation is >= InterpolationFlags.Nearest and <= InterpolationFlags.Lanczos4,
            $"There is no interpolation {interpolation}.");
        Filterable(source);
        using var output = new Output(source, target, dsize.Height, dsize.Width, source.Type());
        using var from = source.Lease();
        using var to = output.Mat.Lease();
        ImgprocLibrary.Resize(in from.Header, in to.Header, (int)interpolation);
    }

    /// <summary>Finds circles in a gray picture, the one with the most votes first.</summary>
    public static CircleSegment[] HoughCircles(
        InputArray image, HoughModes method, double dp, double minDist, double param1 = 100, double param2 = 100,
        int minRadius = 0, int maxRadius = 0)
    {
        var source = Check.Source(image);
        Check.That(source.Type() == MatType.CV_8UC1, $"HoughCircles takes a gray picture, not {source}.");
        Check.That(method is HoughModes.Gradient or HoughModes.GradientAlt, $"HoughCircles does not do {method}.");
        Check.That(dp > 0 && minDist > 0 && param1 > 0 && param2 > 0, "dp, minDist, param1 and param2 are more than 0.");
        Check.That(dp < 1000 && minDist < 1e6 && param1 < 1e6 && param2 < 1e6, "dp, minDist, param1 or param2 is too large.");
        Check.That(method == HoughModes.Gradient || param2 <= 1, "GradientAlt's param2 is a share of the circle, at most 1.");
        Check.That(minRadius < 100_000 && maxRadius < 100_000, "A radius is too large.");
        Check.That(method == HoughModes.Gradient || source is { Rows: < 16384, Cols: < 16384 }, $"{source} is too large.");

        using var storage = new MemoryStorage();
        using var from = source.Lease();
        var found = ImgprocLibrary.HoughCircles(
            in from.Header, storage, (int)method, dp, minDist, param1, param2, minRadius, maxRadius);
        return SequenceOf<CircleSegment>(found);
    }

    /// <summary>The moments of a picture of one channel.</summary>
    public static Moments Moments(InputArray array, bool binaryImage = false) => new(array, binaryImage);

    /// <summary>Compares each pixel with a threshold.</summary>
    public static double Threshold(InputArray src, OutputArray dst, double thresh, double maxval, ThresholdTypes type)
    {
        var source = Check.Source(src);
        var target = Check.Target(dst);
        Check.Finite(thresh, nameof(thresh));
        Check.Finite(maxval, nameof(maxval));
        var rule = type & ThresholdTypes.Mask;
        var automatic = type & (ThresholdTypes.Otsu | ThresholdTypes.Triangle);
        Check.That(rule <= ThresholdTypes.TozeroInv && (type & ~(ThresholdTypes.Mask | automatic)) == 0
            && automatic != (ThresholdTypes.Otsu | ThresholdTypes.Triangle), $"There is no threshold of type {type}.");
        Check.That(automatic == 0 || source.Type() == MatType.CV_8UC1, $"{automatic} takes a gray picture, not {source}.");
        Filterable(source);
        using var output = new Output(source, target, source.Rows, source.Cols, source.Type());
        using var from = source.Lease();
        using var to = output.Mat.Lease();
        return ImgprocLibrary.Threshold(in from.Header, in to.Header, thresh, maxval, (int)type);
    }

    private static void Smooth(
        Mat source, Mat target, ImgprocLibrary.SmoothKind kind, int width, int height, double sigmaX, double sigmaY,
        BorderTypes border)
    {
        Filterable(source);
        Check.That(border is BorderTypes.Constant or BorderTypes.Replicate or BorderTypes.Reflect or BorderTypes.Reflect101,
            $"There is no border {border} here.");
        using var output = new Output(source, target, source.Rows, source.Cols, source.Type());
        if (border == BorderTypes.Replicate)
        {
            using var from = source.Lease();
            using var to = output.Mat.Lease();
            ImgprocLibrary.Smooth(in from.Header, in to.Header, kind, width, height, sigmaX, sigmaY);
            return;
        }

        // The C API only knows replicated borders. So smooth a picture with the right border around it, and cut.
        using var wide = new Mat(source.Rows + height - 1, source.Cols + width - 1, source.Type());
        var offset = new Point(width / 2, height / 2);
        {
            using var from = source.Lease();
            using var to = wide.Lease();
            ImgprocLibrary.CopyWithBorder(in from.Header, in to.Header, offset, (int)border, default);
            ImgprocLibrary.Smooth(in to.Header, in to.Header, kind, width, height, sigmaX, sigmaY);
        }
        using var middle = new Mat(wide, new Rect(offset, source.Size()));
        middle.CopyTo(output.Mat);
    }

    private static int GaussianSide(int side, double sigma, int depth)
    {
        if (side <= 0 && sigma > 0 && sigma < LargestKernel)
            side = (int)Math.Round((sigma * (depth == MatType.CV_8U ? 3 : 4) * 2) + 1) | 1;
        Check.That(side is > 0 and <= LargestKernel && side % 2 == 1, $"There is no Gaussian kernel of side {side}.");
        return side;
    }

    private static void Filterable(Mat source) =>
        Check.That(source.Channels() <= 4 && source.Depth() is not (MatType.CV_8S or MatType.CV_32S),
            $"OpenCV does not do this with {source}.");

    private static unsafe T[] SequenceOf<T>(IntPtr sequence) where T : unmanaged
    {
        if (sequence == IntPtr.Zero)
            return [];
        var count = CoreLibrary.CountOf(sequence);
        if (count <= 0)
            return [];
        var elements = new T[count];
        for (var i = 0; i < count; i++)
            elements[i] = *(T*)CoreLibrary.ElementOf(sequence, i);
        return elements;
    }
}
