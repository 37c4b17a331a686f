namespace OpenCvSharp;

/// <summary>What an operation reads. A Mat turns into one by itself.</summary>
public class InputArray
{
    private readonly Mat _mat;

    internal InputArray(Mat mat) => _mat = mat;

    public static InputArray Create(Mat mat) => mat;

    public static implicit operator InputArray(Mat mat)
    {
        ArgumentNullException.ThrowIfNull(mat);
        return mat.AsInput;
    }

    public Mat GetMat() => _mat;
}
