using System.Runtime.InteropServices;

namespace OpenCvSharp.Tests;

public sealed class MatTests
{
    [Fact]
    public void A_new_mat_has_the_given_shape_and_value()
    {
        using var mat = new Mat(480, 640, MatType.CV_8UC3, new Scalar(1, 2, 3));
        Assert.Equal((480, 640, 480, 640), (mat.Rows, mat.Cols, mat.Height, mat.Width));
        Assert.Equal(MatType.CV_8UC3, mat.Type());
        Assert.Equal((3, 3, 1), (mat.Channels(), mat.ElemSize(), mat.ElemSize1()));
        Assert.Equal(1920, mat.Step());
        Assert.True(mat.IsContinuous());
        Assert.False(mat.Empty());
        Assert.Equal(2, Marshal.ReadByte(mat.Ptr(479, 639) + 1));
    }

    [Fact]
    public void An_empty_mat_is_empty_and_no_operation_takes_it()
    {
        using var mat = new Mat();
        Assert.True(mat.Empty());
        Assert.Throws<OpenCvSharpException>(() => Cv2.CvtColor(mat, mat, ColorConversionCodes.BGR2GRAY));
    }

    [Fact]
    public void Elements_are_set_and_got_by_row_and_column()
    {
        using var mat = new Mat(4, 5, MatType.CV_32FC1, new Scalar(0));
        mat.Set(2, 3, 1.5f);
        mat.At<float>(3, 4) = 2.5f;
        Assert.Equal(1.5f, mat.Get<float>(2, 3));
        Assert.Equal(2.5f, mat.Get<float>(3, 4));
        Assert.True(mat.GetArray(out float[] all));
        Assert.Equal(20, all.Length);
        Assert.Equal(1.5f, all[13]);
        Assert.True(mat.SetArray(Enumerable.Range(0, 20).Select(i => (float)i).ToArray()));
        Assert.Equal(13f, mat.At<float>(2, 3));
    }

    [Fact]
    public void Nothing_outside_can_be_reached()
    {
        using var mat = new Mat(4, 5, MatType.CV_8UC1);
        Assert.Throws<ArgumentOutOfRangeException>(() => mat.Get<byte>(4, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => mat.Get<byte>(0, -1));
        Assert.Throws<OpenCvSharpException>(() => mat.Get<long>(0, 0));
        Assert.Throws<OpenCvSharpException>(() => mat.SetArray(new byte[19]));
        Assert.Throws<OpenCvSharpException>(() => mat.SubMat(0, 5, 0, 5));
        Assert.Throws<OpenCvSharpException>(() => new Mat(-1, 5, MatType.CV_8UC1));
        Assert.Throws<OpenCvSharpException>(() => new Mat(100_000, 100_000, MatType.CV_8UC1));
        Assert.Throws<OpenCvSharpException>(() => MatType.CV_8UC(0));
        Assert.Throws<OpenCvSharpException>(() => new Mat(2, 2, new MatType(-1)));
    }

    [Fact]
    public void A_part_shares_its_pixels_and_outlives_the_whole()
    {
        var whole = new Mat(10, 10, MatType.CV_8UC1, new Scalar(7));
        var part = whole.SubMat(new Rect(2, 3, 4, 5));
        part.SetTo(new Scalar(9));
        Assert.Equal(9, whole.Get<byte>(3, 2));
        Assert.Equal(7, whole.Get<byte>(2, 2));
        Assert.False(part.IsContinuous());
        whole.Dispose();
        Assert.Equal(9, part.Get<byte>(4, 3));
        using var copy = part.Clone();
        part.Dispose();
        Assert.Equal(20, copy.Total());
        Assert.Equal(9, copy.Get<byte>(4, 3));
    }

    [Fact]
    public void A_mat_over_an_array_works_on_that_array()
    {
        var pixels = new byte[6 * 8];
        using (var mat = Mat.FromPixelData(6, 5, MatType.CV_8UC1, pixels, step: 8))
        {
            mat.SetTo(new Scalar(4));
            GC.Collect();
            Assert.Equal(4, mat.Get<byte>(5, 4));
        }
        Assert.Equal(30, pixels.Count(value => value == 4));
        Assert.Throws<OpenCvSharpException>(() => Mat.FromPixelData(6, 9, MatType.CV_8UC1, pixels, step: 8));
        Assert.Throws<OpenCvSharpException>(() => Mat.FromPixelData(7, 8, MatType.CV_8UC1, pixels));
        Assert.Throws<ArgumentNullException>(() => Mat.FromPixelData(6, 8, MatType.CV_8UC1, IntPtr.Zero));
    }

    [Fact]
    public void A_disposed_mat_says_so()
    {
        var mat = new Mat(4, 4, MatType.CV_8UC1);
        mat.Dispose();
        mat.Dispose();
        Assert.True(mat.IsDisposed);
        Assert.Throws<ObjectDisposedException>(() => mat.Data);
        Assert.Throws<ObjectDisposedException>(() => mat.Create(2, 2, MatType.CV_8UC1));
        Assert.Throws<ObjectDisposedException>(() => Cv2.CountNonZero(mat));
    }

    [Fact]
    public async Task Disposing_on_one_thread_while_another_works_harms_nobody()
    {
        for (var n = 0; n < 200; n++)
        {
            var mat = new Mat(200, 200, MatType.CV_8UC1, new Scalar(1));
            using var started = new ManualResetEventSlim();
            var worker = Task.Run(() =>
            {
                started.Set();
                try
                {
                    for (var i = 0; i < 50; i++)
                        Assert.Equal(40_000, Cv2.CountNonZero(mat));
                }
                catch (Exception e) when (e is ObjectDisposedException or OpenCvSharpException)
                {
                    // It came too late, and was told.
                }
            });
            started.Wait();
            mat.Dispose();
            await worker.WaitAsync(TimeSpan.FromSeconds(20));
        }
    }

    [Fact]
    public void Mats_that_nobody_disposes_are_collected()
    {
        // 2.4 GB in all, filled so that they really take it, and each so large that what is freed leaves the process.
        var before = Environment.WorkingSet;
        for (var n = 0; n < 60; n++)
        {
            _ = new Mat(8000, 5000, MatType.CV_8UC1, new Scalar(1));
            if (n % 5 == 4)
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
            }
        }
        Assert.InRange(Environment.WorkingSet - before, long.MinValue, 1_000_000_000);
    }

    [Fact]
    public void A_mask_says_where_to_fill()
    {
        using var mat = new Mat(4, 4, MatType.CV_8UC1, new Scalar(1));
        using var mask = new Mat(4, 4, MatType.CV_8UC1, new Scalar(0));
        mask.Set<byte>(1, 2, 255);
        mat.SetTo(new Scalar(9), mask);
        Assert.Equal(9, mat.Get<byte>(1, 2));
        Assert.Equal(1, mat.Get<byte>(2, 1));
        using var wrong = new Mat(4, 5, MatType.CV_8UC1);
        Assert.Throws<OpenCvSharpException>(() => mat.SetTo(new Scalar(9), wrong));
    }

    [Fact]
    public void Types_are_named_as_opencv_names_them()
    {
        Assert.Equal("CV_8UC3", MatType.CV_8UC3.ToString());
        Assert.Equal("CV_32FC1", MatType.CV_32FC1.ToString());
        Assert.Equal(16, MatType.CV_8UC3.Value);
        Assert.Equal("Mat [ 2*3*CV_64FC2 ]", new Mat(2, 3, MatType.CV_64FC2).ToString());
    }

    [Fact]
    public void A_machine_without_opencv_is_told_what_to_install()
    {
        var message = OpenCvLibrary.MissingMessage("opencv_imgproc", null);
        Assert.Contains("./ball setup", message, StringComparison.Ordinal);
        Assert.Contains("apt-get install libopencv", message, StringComparison.Ordinal);
    }
}
