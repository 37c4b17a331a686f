namespace OpenCvSharp;

/// <summary>Spatial, central and normalised central moments up to the third order.</summary>
public class Moments
{
    public double M00, M10, M01, M20, M11, M02, M30, M21, M12, M03;
    public double Mu20, Mu11, Mu02, Mu30, Mu21, Mu12, Mu03;
    public double Nu20, Nu11, Nu02, Nu30, Nu21, Nu12, Nu03;

    public Moments()
    {
    }

    public Moments(InputArray array, bool binaryImage = false)
    {
        var source = Check.Source(array);
        Check.That(source.Channels() == 1 && source.Depth() is not (MatType.CV_8S or MatType.CV_32S),
            $"There are no moments of {source}.");
        ImgprocLibrary.MomentValues m;
        using (var from = source.Lease())
            ImgprocLibrary.Moments(in from.Header, out m, binaryImage ? 1 : 0);
        (M00, M10, M01, M20, M11, M02, M30, M21, M12, M03) =
            (m.M00, m.M10, m.M01, m.M20, m.M11, m.M02, m.M30, m.M21, m.M12, m.M03);
        (Mu20, Mu11, Mu02, Mu30, Mu21, Mu12, Mu03) = (m.Mu20, m.Mu11, m.Mu02, m.Mu30, m.Mu21, m.Mu12, m.Mu03);
        var inverse = Math.Abs(M00) > double.Epsilon ? 1 / M00 : 0;
        var second = inverse * inverse;
        var third = second * Math.Sqrt(Math.Abs(inverse));
        (Nu20, Nu11, Nu02) = (Mu20 * second, Mu11 * second, Mu02 * second);
        (Nu30, Nu21, Nu12, Nu03) = (Mu30 * third, Mu21 * third, Mu12 * third, Mu03 * third);
    }
}
