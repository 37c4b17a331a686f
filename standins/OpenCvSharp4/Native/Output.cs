namespace OpenCvSharp;

/// <summary>
/// Where an operation writes. That is the target itself, made to fit; or, where source and target share pixels, a picture of
/// its own that goes to the target at the end.
/// </summary>
internal readonly ref struct Output
{
    private readonly Mat _target;

    public Output(Mat source, Mat target, int rows, int cols, MatType type)
    {
        _target = target;
        if (source.SharesPixelsWith(target))
        {
            Mat = new Mat(rows, cols, type);
            return;
        }
        target.Create(rows, cols, type);
        Mat = target;
    }

    public Mat Mat { get; }

    public void Dispose()
    {
        if (ReferenceEquals(Mat, _target))
            return;
        Mat.CopyTo(_target);
        Mat.Dispose();
    }
}
