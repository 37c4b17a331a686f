namespace OpenCvSharp;

/// <summary>What an operation changes in place. A Mat turns into one by itself.</summary>
public class InputOutputArray : OutputArray
{
    internal InputOutputArray(Mat mat) : base(mat)
    {
    }

    public static new InputOutputArray Create(Mat mat) => mat;

    public static implicit operator InputOutputArray(Mat mat)
    {
        ArgumentNullException.ThrowIfNull(mat);
        return mat.AsOutput;
    }
}
