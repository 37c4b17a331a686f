namespace OpenCvSharp;

/// <summary>A Mat held for the length of one native call: nobody can free its pixels meanwhile.</summary>
internal ref struct MatLease
{
    public MatHeader Header;
    private readonly PixelBuffer buffer;
    private bool held;

    public MatLease(PixelBuffer buffer, int rows, int cols, MatType type, long offset, int step)
    {
        this.buffer = buffer;
        buffer.DangerousAddRef(ref held);
        Header = new MatHeader(rows, cols, type, buffer.Pixels + (IntPtr)offset, step);
    }

    public void Dispose()
    {
        if (!held)
            return;
        held = false;
        buffer.DangerousRelease();
    }
}
