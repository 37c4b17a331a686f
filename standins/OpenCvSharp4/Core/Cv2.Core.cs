namespace OpenCvSharp;

public static partial class Cv2
{
    /// <summary>How many threads OpenCV may work with, in all of this process; 1 means that it starts none.</summary>
    public static void SetNumThreads(int nThreads) => CoreLibrary.SetThreads(nThreads);

    /// <summary>How many threads OpenCV may work with.</summary>
    public static int GetNumThreads() => CoreLibrary.GetThreads();

    /// <summary>255 where every channel lies between the bounds (inclusive), else 0.</summary>
    public static void InRange(InputArray src, Scalar lowerb, Scalar upperb, OutputArray dst)
    {
        var source = Check.Source(src);
        var target = Check.Target(dst);
        Check.That(source.Channels() <= 4, $"InRange takes at most four channels, not {source}.");
        for (var i = 0; i < source.Channels(); i++)
        {
            Check.Finite(lowerb[i], nameof(lowerb));
            Check.Finite(upperb[i], nameof(upperb));
        }
        using var output = new Output(source, target, source.Rows, source.Cols, MatType.CV_8UC1);
        using var from = source.Lease();
        using var to = output.Mat.Lease();
        CoreLibrary.InRange(in from.Header, lowerb, upperb, in to.Header);
    }

    /// <summary>How many elements are not zero.</summary>
    public static int CountNonZero(InputArray mtx)
    {
        var source = Check.Source(mtx);
        Check.That(source.Channels() == 1, $"CountNonZero takes one channel, not {source}.");
        using var from = source.Lease();
        return CoreLibrary.CountNonZero(in from.Header);
    }

    /// <summary>The mean of each channel.</summary>
    public static Scalar Mean(InputArray src)
    {
        var source = Check.Source(src);
        Check.That(source.Channels() <= 4, $"Mean takes at most four channels, not {source}.");
        using var from = source.Lease();
        return CoreLibrary.Mean(in from.Header, IntPtr.Zero);
    }
}
