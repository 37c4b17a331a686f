namespace OpenCvSharp.Tests;

public sealed class ImgprocTests
{
    [Fact]
    public void Colour_becomes_gray_by_the_usual_weights()
    {
        using var colour = new Mat(4, 6, MatType.CV_8UC3, new Scalar(255, 0, 0));
        using var gray = new Mat();
        Cv2.CvtColor(colour, gray, ColorConversionCodes.BGR2GRAY);
        Assert.Equal(MatType.CV_8UC1, gray.Type());
        Assert.Equal(29, gray.Get<byte>(2, 3));
        Cv2.CvtColor(colour, gray, ColorConversionCodes.RGB2GRAY);
        Assert.Equal(76, gray.Get<byte>(2, 3));
    }

    [Fact]
    public void A_conversion_in_place_makes_room_for_its_result()
    {
        using var mat = new Mat(4, 6, MatType.CV_8UC3, new Scalar(10, 20, 30));
        Cv2.CvtColor(mat, mat, ColorConversionCodes.BGR2RGB);
        Assert.True(mat.GetArray(out byte[] pixels));
        Assert.Equal([30, 20, 10], pixels[..3]);
        Cv2.CvtColor(mat, mat, ColorConversionCodes.BGR2GRAY);
        Assert.Equal(1, mat.Channels());
    }

    [Fact]
    public void Planar_pictures_go_there_and_back()
    {
        using var colour = new Mat(48, 64, MatType.CV_8UC3, new Scalar(40, 120, 200));
        using var planar = new Mat();
        using var back = new Mat();
        Cv2.CvtColor(colour, planar, ColorConversionCodes.BGR2YUV_I420);
        Assert.Equal((72, 64, 1), (planar.Rows, planar.Cols, planar.Channels()));
        Cv2.CvtColor(planar, back, ColorConversionCodes.YUV2BGR_I420);
        Assert.Equal(colour.Size(), back.Size());
        Assert.True(back.GetArray(out byte[] pixels));
        Assert.InRange(pixels[0], 37, 43);
        Assert.InRange(pixels[1], 117, 123);
        Assert.InRange(pixels[2], 197, 203);
    }

    [Fact]
    public void A_circle_that_is_drawn_is_found()
    {
        using var picture = Disc(300, 200, 25);
        var circles = Cv2.HoughCircles(picture, HoughModes.Gradient, 1, 1000, 100, 20, 5, 100);
        var circle = Assert.Single(circles);
        Assert.InRange(circle.Center.X, 299, 301);
        Assert.InRange(circle.Center.Y, 199, 201);
        Assert.InRange(circle.Radius, 24, 26.5f);
        var other = Assert.Single(Cv2.HoughCircles(picture, HoughModes.GradientAlt, 1.5, 1000, 300, 0.9, 5, 100));
        Assert.InRange(other.Center.DistanceTo(new Point2f(300, 200)), 0, 1.5);
    }

    [Fact]
    public void Many_circles_are_found_each_and_none_in_nothing()
    {
        using var picture = new Mat(480, 640, MatType.CV_8UC1, new Scalar(20));
        for (var n = 0; n < 24; n++)
            Cv2.Circle(picture, new Point(50 + (n % 6 * 100), 60 + (n / 6 * 110)), 20, Scalar.All(220), -1, LineTypes.AntiAlias);
        Assert.Equal(24, Cv2.HoughCircles(picture, HoughModes.Gradient, 1, 50, 100, 20, 10, 40).Length);
        picture.SetTo(new Scalar(20));
        Assert.Empty(Cv2.HoughCircles(picture, HoughModes.Gradient, 1, 50, 100, 20, 10, 40));
    }

    [Fact]
    public void As_many_threads_work_as_are_allowed()
    {
        var before = Cv2.GetNumThreads();
        Cv2.SetNumThreads(1);
        Assert.Equal(1, Cv2.GetNumThreads());
        Cv2.SetNumThreads(before);
        Assert.Equal(before, Cv2.GetNumThreads());
    }

    [Fact]
    public void Moments_tell_area_and_centre()
    {
        using var picture = new Mat(480, 640, MatType.CV_8UC1, new Scalar(0));
        Cv2.Rectangle(picture, new Rect(100, 50, 41, 21), Scalar.All(255), -1);
        var moments = Cv2.Moments(picture, binaryImage: true);
        Assert.Equal(41 * 21, moments.M00);
        Assert.Equal(120, moments.M10 / moments.M00, 9);
        Assert.Equal(60, moments.M01 / moments.M00, 9);
        Assert.Equal((41 * 41 - 1) / 12.0, moments.Mu20 / moments.M00, 6);
        Assert.Equal(moments.Mu20 / (moments.M00 * moments.M00), moments.Nu20, 12);
    }

    [Theory]
    [InlineData(BorderTypes.Reflect101)]
    [InlineData(BorderTypes.Replicate)]
    [InlineData(BorderTypes.Reflect)]
    public void Blurs_see_the_border_that_was_asked_for(BorderTypes border)
    {
        using var picture = new Mat(1, 8, MatType.CV_8UC1);
        picture.SetArray<byte>(0, 90, 0, 0, 0, 0, 0, 30);
        using var smooth = new Mat();
        Cv2.Blur(picture, smooth, new Size(3, 1), borderType: border);
        // Left of the first pixel lies the second one (101), or the first one.
        Assert.Equal(border == BorderTypes.Reflect101 ? 60 : 30, smooth.Get<byte>(0, 0));
        Assert.Equal(30, smooth.Get<byte>(0, 1));
        Assert.Equal(border == BorderTypes.Reflect101 ? 10 : 20, smooth.Get<byte>(0, 7));
    }

    [Fact]
    public void Smoothing_keeps_a_flat_picture_and_spreads_a_dot()
    {
        using var picture = new Mat(31, 31, MatType.CV_32FC1, new Scalar(0));
        picture.Set(15, 15, 1000f);
        using var smooth = new Mat();
        Cv2.GaussianBlur(picture, smooth, new Size(0, 0), 2);
        Assert.Equal(1000 / (Math.Tau * 4), smooth.Get<float>(15, 15), 0.5);
        Assert.Equal(1000, Cv2.Mean(smooth).Val0 * smooth.Total(), 0.01);
        using var flat = new Mat(31, 31, MatType.CV_8UC3, new Scalar(7, 8, 9));
        Cv2.GaussianBlur(flat, flat, new Size(5, 5), 0);
        Assert.Equal(8, Cv2.Mean(flat).Val1, 9);
        Assert.Equal(9, Cv2.Mean(flat).Val2, 9);
    }

    [Fact]
    public void The_median_removes_a_dot()
    {
        using var picture = new Mat(9, 9, MatType.CV_8UC1, new Scalar(50));
        picture.Set<byte>(4, 4, 255);
        Cv2.MedianBlur(picture, picture, 3);
        Assert.Equal(50, picture.Get<byte>(4, 4));
    }

    [Fact]
    public void Thresholds_and_ranges_cut()
    {
        using var picture = new Mat(1, 5, MatType.CV_8UC1);
        picture.SetArray<byte>(0, 50, 100, 150, 200);
        using var cut = new Mat();
        Assert.Equal(100, Cv2.Threshold(picture, cut, 100, 255, ThresholdTypes.Binary));
        Assert.True(cut.GetArray(out byte[] above));
        Assert.Equal([0, 0, 0, 255, 255], above);
        Cv2.InRange(picture, new Scalar(50), new Scalar(150), cut);
        Assert.Equal(3, Cv2.CountNonZero(cut));
        Assert.InRange(Cv2.Threshold(picture, cut, 0, 255, ThresholdTypes.Binary | ThresholdTypes.Otsu), 50, 150);
    }

    [Fact]
    public void What_is_drawn_is_there()
    {
        using var picture = new Mat(100, 200, MatType.CV_8UC3, Scalar.Black);
        Cv2.Line(picture, new Point(10, 10), new Point(190, 10), Scalar.Red, 3);
        Cv2.Rectangle(picture, new Point(20, 30), new Point(40, 50), Scalar.Lime);
        Cv2.Circle(picture, 100, 60, 20, Scalar.Blue, -1);
        using var channel = new Mat();
        Cv2.InRange(picture, Scalar.Red, Scalar.Red, channel);
        Assert.InRange(Cv2.CountNonZero(channel), 181 * 3, 190 * 5);
        Cv2.InRange(picture, Scalar.Lime, Scalar.Lime, channel);
        Assert.Equal(80, Cv2.CountNonZero(channel));
        Cv2.InRange(picture, Scalar.Blue, Scalar.Blue, channel);
        Assert.InRange(Cv2.CountNonZero(channel), 1200, 1320);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Text_takes_the_room_that_was_measured(bool upsideDown)
    {
        var size = Cv2.GetTextSize("Ball 12", HersheyFonts.HersheySimplex, 0.7, 1, out var baseline);
        Assert.InRange(size.Width, 60, 110);
        Assert.InRange(baseline, 1, 15);
        using var picture = new Mat(100, 200, MatType.CV_8UC1, Scalar.Black);
        Cv2.PutText(
            picture, "Ball 12", new Point(20, 50), HersheyFonts.HersheySimplex, 0.7, Scalar.White, bottomLeftOrigin: upsideDown);
        using var text = upsideDown
            ? picture.SubMat(new Rect(18, 50 - baseline, size.Width + 4, size.Height + (2 * baseline)))
            : picture.SubMat(new Rect(18, 50 - size.Height - baseline, size.Width + 4, size.Height + (2 * baseline)));
        Assert.True(Cv2.CountNonZero(text) > 100);
        Assert.Equal(Cv2.CountNonZero(picture), Cv2.CountNonZero(text));
    }

    [Fact]
    public void A_picture_is_brought_to_another_size()
    {
        using var picture = Disc(320, 240, 100);
        using var half = new Mat();
        Cv2.Resize(picture, half, default, 0.5, 0.5, InterpolationFlags.Area);
        Assert.Equal(new Size(320, 240), half.Size());
        Assert.Equal(picture.Get<byte>(240, 320), half.Get<byte>(120, 160));
    }

    private static Mat Disc(int x, int y, int radius)
    {
        var picture = new Mat(480, 640, MatType.CV_8UC1, new Scalar(20));
        Cv2.Circle(picture, new Point(x, y), radius, Scalar.All(220), -1, LineTypes.AntiAlias);
        return picture;
    }
}
