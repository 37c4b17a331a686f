namespace OpenCvSharp;

/// <summary>What an operation writes; made to fit where it does not. A Mat turns into one by itself.</summary>
public class OutputArray
{
    private readonly Mat _mat;

    internal OutputArray(Mat mat) => _mat = mat;

    public static OutputArray Create(Mat mat) => mat;

    public static implicit operator OutputArray(Mat mat)
    {
        ArgumentNullException.ThrowIfNull(mat);
        return mat.AsOutput;
    }

    public Mat GetMat() => _mat;
}
