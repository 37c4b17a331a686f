namespace OpenCvSharp.Tests;

/// <summary>
/// OpenCV's C API answers a bad argument with a C++ exception, which ends a .NET process. So whatever anybody passes, it has
/// to be done or refused here; a mistake in that shows as a crash of the whole test run.
/// </summary>
public sealed class BadArgumentTests
{
    private static readonly double[] s_numbers =
        [-1e12, -100, -1, -0.5, 0, 0.3, 1, 2, 3.7, 100, 255, 1e5, 1e12, double.NaN, double.PositiveInfinity];
    private static readonly int[] s_integers =
        [int.MinValue, -70_000, -300, -2, -1, 0, 1, 2, 3, 4, 5, 7, 16, 17, 31, 200, 40_000, int.MaxValue];

    [Fact]
    public void Whatever_is_passed_is_done_or_refused()
    {
        var random = new Random(2024);
        int done = 0, refused = 0;
        for (var n = 0; n < 6000; n++)
        {
            using var first = AnyMat(random);
            using var second = random.Next(4) == 0 && !first.Empty()
                ? first.SubMat(0, first.Rows, 0, first.Cols)
                : AnyMat(random);
            try
            {
                Do(random, first, random.Next(4) == 0 ? first : second);
                done++;
            }
            catch (Exception e) when (e is OpenCvSharpException or ArgumentException)
            {
                refused++;
            }
        }
        Assert.True(done > 500 && refused > 500, $"{done} done, {refused} refused: the test tests nothing.");
    }

    [Fact]
    public void Refusals_say_what_is_wrong()
    {
        using var colour = new Mat(10, 10, MatType.CV_8UC3);
        using var result = new Mat();
        var e = Assert.Throws<OpenCvSharpException>(
            () => Cv2.HoughCircles(colour, HoughModes.Gradient, 1, 10));
        Assert.Contains("gray", e.Message, StringComparison.Ordinal);
        e = Assert.Throws<OpenCvSharpException>(() => Cv2.CvtColor(colour, result, ColorConversionCodes.GRAY2BGR));
        Assert.Contains("1 channels", e.Message, StringComparison.Ordinal);
        e = Assert.Throws<OpenCvSharpException>(() => Cv2.GaussianBlur(colour, result, new Size(4, 4), 1));
        Assert.Contains("side 4", e.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentNullException>(() => Cv2.CvtColor((Mat)null!, result, ColorConversionCodes.BGR2GRAY));
    }

    private static Mat AnyMat(Random random)
    {
        if (random.Next(25) == 0)
            return new Mat();
        var channels = random.Next(6) switch
        {
            0 or 1 => 1,
            2 or 3 => 3,
            4 => 4,
            _ => random.Next(1, 7),
        };
        var type = MatType.MakeType(random.Next(2) == 0 ? MatType.CV_8U : random.Next(7), channels);
        var even = random.Next(2) == 0;
        var (rows, cols) = (random.Next(1, 40), random.Next(1, 40));
        var mat = new Mat(even ? rows * 6 : rows, even ? cols * 2 : cols, type);
        return channels <= 4 ? mat.SetTo(new Scalar(random.Next(256))) : mat;
    }

    private static void Do(Random random, Mat src, Mat dst)
    {
        var scalar = new Scalar(D(), D(), D(), D());
        switch (random.Next(15))
        {
            case 0: Cv2.CvtColor(src, dst, (ColorConversionCodes)random.Next(-1, 145), random.Next(3) == 0 ? I() : 0); break;
            case 1: Cv2.GaussianBlur(src, dst, new Size(I(), I()), D(), D(), Border()); break;
            case 2: Cv2.Blur(src, dst, new Size(I(), I()), null, Border()); break;
            case 3: Cv2.MedianBlur(src, dst, I()); break;
            case 4: Cv2.HoughCircles(src, (HoughModes)random.Next(-1, 6), D(), D(), D(), D(), I(), I()); break;
            case 5: Cv2.Moments(src, random.Next(2) == 0); break;
            case 6: Cv2.Threshold(src, dst, D(), D(), (ThresholdTypes)random.Next(-1, 32)); break;
            case 7: Cv2.InRange(src, scalar, new Scalar(D(), D(), D(), D()), dst); break;
            case 8: Cv2.CountNonZero(src); break;
            case 9: Cv2.Line(src, P(), P(), scalar, I(), Type(), Shift()); break;
            case 10: Cv2.Rectangle(src, P(), P(), scalar, I(), Type(), Shift()); break;
            case 11: Cv2.Circle(src, P(), I(), scalar, I(), Type(), Shift()); break;
            case 12:
                Cv2.PutText(
                    src, "Ball \u00fc\u20ac%s\n", P(), (HersheyFonts)random.Next(-1, 26), D(), scalar, I(), Type(),
                    random.Next(2) == 0);
                break;
            case 13:
                var size = new Size(Math.Min(I(), 300), Math.Min(I(), 300));
                Cv2.Resize(src, dst, size, D(), D(), (InterpolationFlags)random.Next(-1, 7));
                break;
            default: Cv2.Mean(src); break;
        }

        double D() => random.Next(3) == 0 ? s_numbers[random.Next(s_numbers.Length)] : random.NextDouble() * 100;
        int I() => random.Next(3) == 0 ? s_integers[random.Next(s_integers.Length)] : random.Next(1, 12);
        Point P() => new(I(), I());
        BorderTypes Border() => (BorderTypes)random.Next(-1, 6);
        LineTypes Type() => random.Next(5) == 0 ? (LineTypes)random.Next(-1, 20) : LineTypes.AntiAlias;
        int Shift() => random.Next(4) == 0 ? I() : 0;
    }
}
