namespace OpenCvSharp;

/// <summary>A Mat held for the length of one native call: nobody can free its pixels meanwhile.</summary>
internal ref struct MatLease
{
    public MatHeader Header;
    private readonly PixelBuffer _buffer;
    private bool _held;

    public MatLease(PixelBuffer buffer, int rows, int cols, MatType type, long offset, int step)
    {
        _buffer = buffer;
        buffer.DangerousAddRef(ref _held);
        Header = new MatHeader(rows, cols, type, buffer.Pixels + (IntPtr)offset, step);
    }

    public void Dispose()
    {
        if (!_held)
            return;
        _held = false;
        _buffer.DangerousRelease();
    }
}
