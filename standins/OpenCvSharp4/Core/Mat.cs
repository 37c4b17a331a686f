using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace OpenCvSharp;

/// <summary>A two-dimensional array of pixels: its own, a part of another Mat's, or somebody else's.</summary>
public class Mat : IDisposable
{
    private const long MaxBytes = int.MaxValue;

    private PixelBuffer? buffer;
    private long offset;
    private int step;
    private MatType type;
    private bool disposed;
    private InputArray? input;
    private InputOutputArray? output;

    public Mat()
    {
    }

    public Mat(int rows, int cols, MatType type) => Create(rows, cols, type);

    public Mat(Size size, MatType type) : this(size.Height, size.Width, type)
    {
    }

    public Mat(int rows, int cols, MatType type, Scalar s) : this(rows, cols, type) => SetTo(s);

    public Mat(Size size, MatType type, Scalar s) : this(size.Height, size.Width, type, s)
    {
    }

    /// <summary>A part of <paramref name="m"/>, over the same pixels.</summary>
    public Mat(Mat m, Rect roi)
    {
        ArgumentNullException.ThrowIfNull(m);
        if (roi.X < 0 || roi.Y < 0 || roi.Width < 0 || roi.Height < 0
            || (long)roi.X + roi.Width > m.Cols || (long)roi.Y + roi.Height > m.Rows)
            throw new OpenCvSharpException($"{roi} is not inside {m}.");
        buffer = m.Live.Share();
        offset = m.offset + (long)roi.Y * m.step + (long)roi.X * m.type.ElementSize;
        step = m.step;
        type = m.type;
        Rows = roi.Height;
        Cols = roi.Width;
    }

    private Mat(PixelBuffer buffer, int rows, int cols, MatType type, int step)
    {
        this.buffer = buffer;
        this.type = type;
        this.step = step;
        Rows = rows;
        Cols = cols;
    }

    public int Rows { get; private set; }

    public int Cols { get; private set; }

    public int Height => Rows;

    public int Width => Cols;

    public bool IsDisposed => disposed;

    /// <summary>The first pixel. Valid until the Mat is disposed or made anew.</summary>
    public IntPtr Data
    {
        get
        {
            ObjectDisposedException.ThrowIf(disposed, this);
            return buffer is null ? IntPtr.Zero : buffer.Pixels + (IntPtr)offset;
        }
    }

    public unsafe byte* DataPointer => (byte*)Data;

    /// <summary>A Mat over pixels that somebody else owns and keeps in place until the Mat is disposed.</summary>
    public static Mat FromPixelData(int rows, int cols, MatType type, IntPtr data, long step = 0)
    {
        if (data == IntPtr.Zero)
            throw new ArgumentNullException(nameof(data));
        var rowBytes = CheckedStep(rows, cols, type, step);
        return new Mat(PixelBuffer.Borrow(data), rows, cols, type, rowBytes);
    }

    /// <summary>A Mat over an array's elements; the array stays pinned until the Mat is disposed.</summary>
    public static Mat FromPixelData(int rows, int cols, MatType type, Array data, long step = 0)
    {
        ArgumentNullException.ThrowIfNull(data);
        var rowBytes = CheckedStep(rows, cols, type, step);
        var needed = rows == 0 ? 0 : (long)(rows - 1) * rowBytes + (long)cols * type.ElementSize;
        if (!data.GetType().GetElementType()!.IsPrimitive)
            throw new OpenCvSharpException($"Pixels are numbers, not {data.GetType()}.");
        if (Buffer.ByteLength(data) < needed)
            throw new OpenCvSharpException($"{rows}x{cols} of {type} take {needed} bytes, here are {Buffer.ByteLength(data)}.");
        return new Mat(PixelBuffer.Pin(data), rows, cols, type, rowBytes);
    }

    /// <summary>Makes room for the given picture, unless it is there already.</summary>
    public void Create(int rows, int cols, MatType type)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        if (buffer is not null && Rows == rows && Cols == cols && this.type == type)
            return;
        var rowBytes = CheckedStep(rows, cols, type, 0);
        var fresh = PixelBuffer.Allocate((nuint)Math.Max(1, (long)rows * rowBytes));
        Release();
        buffer = fresh;
        offset = 0;
        step = rowBytes;
        this.type = type;
        Rows = rows;
        Cols = cols;
    }

    public void Create(Size size, MatType type) => Create(size.Height, size.Width, type);

    /// <summary>Lets the pixels go; the Mat is empty then.</summary>
    public void Release()
    {
        var old = buffer;
        buffer = null;
        Rows = Cols = 0;
        old?.Leave();
    }

    public void Dispose()
    {
        if (disposed)
            return;
        disposed = true;
        Release();
        GC.SuppressFinalize(this);
    }

    public MatType Type() => type;

    public int Depth() => type.Depth;

    public int Channels() => type.Channels;

    public int ElemSize() => type.ElementSize;

    public int ElemSize1() => type.ChannelSize;

    /// <summary>Bytes from one row to the next.</summary>
    public long Step() => step;

    public long Step(int i) => i switch
    {
        0 => step,
        1 => type.ElementSize,
        _ => throw new ArgumentOutOfRangeException(nameof(i)),
    };

    public Size Size() => new(Cols, Rows);

    public long Total() => (long)Rows * Cols;

    public bool Empty() => buffer is null || Rows == 0 || Cols == 0;

    public bool IsContinuous() => Rows <= 1 || step == Cols * type.ElementSize;

    public bool IsSubmatrix() => offset != 0 || !IsContinuous();

    public IntPtr Ptr(int i0) => Element(i0, 0, 0);

    public IntPtr Ptr(int i0, int i1) => Element(i0, i1, 0);

    /// <summary>One element by reference. The caller keeps the Mat alive.</summary>
    public unsafe ref T At<T>(int i0, int i1) where T : unmanaged =>
        ref Unsafe.AsRef<T>((void*)Element(i0, i1, Unsafe.SizeOf<T>()));

    public ref T At<T>(int i0) where T : unmanaged => ref Cols == 1 ? ref At<T>(i0, 0) : ref At<T>(0, i0);

    public T Get<T>(int i0, int i1) where T : struct => Marshal.PtrToStructure<T>(Element(i0, i1, Unsafe.SizeOf<T>()));

    public T Get<T>(int i0) where T : struct => Cols == 1 ? Get<T>(i0, 0) : Get<T>(0, i0);

    public void Set<T>(int i0, int i1, T value) where T : struct =>
        Marshal.StructureToPtr(value, Element(i0, i1, Unsafe.SizeOf<T>()), false);

    public void Set<T>(int i0, T value) where T : struct
    {
        if (Cols == 1)
            Set(i0, 0, value);
        else
            Set(0, i0, value);
    }

    /// <summary>Copies all elements out, row by row.</summary>
    public unsafe bool GetArray<T>(out T[] data) where T : unmanaged
    {
        CheckElement<T>();
        data = new T[Total() * type.ElementSize / sizeof(T)];
        var bytes = MemoryMarshal.AsBytes(data.AsSpan());
        for (var row = 0; row < Rows; row++)
            RowBytes(row).CopyTo(bytes[(row * Cols * type.ElementSize)..]);
        GC.KeepAlive(this);
        return true;
    }

    /// <summary>Copies all elements in, row by row.</summary>
    public bool SetArray<T>(params T[] data) where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(data);
        CheckElement<T>();
        var bytes = MemoryMarshal.AsBytes(data.AsSpan());
        if (bytes.Length != Total() * type.ElementSize)
            throw new OpenCvSharpException($"{this} takes {Total() * type.ElementSize} bytes, here are {bytes.Length}.");
        for (var row = 0; row < Rows; row++)
            bytes.Slice(row * Cols * type.ElementSize, Cols * type.ElementSize).CopyTo(RowBytes(row));
        GC.KeepAlive(this);
        return true;
    }

    public Mat Clone()
    {
        var copy = new Mat();
        CopyTo(copy);
        return copy;
    }

    public Mat Clone(Rect roi)
    {
        using var part = new Mat(this, roi);
        return part.Clone();
    }

    public void CopyTo(Mat m)
    {
        ArgumentNullException.ThrowIfNull(m);
        if (ReferenceEquals(this, m))
            return;
        ObjectDisposedException.ThrowIf(disposed, this);
        if (buffer is null)
        {
            m.Release();
            return;
        }
        m.Create(Rows, Cols, type);
        for (var row = 0; row < Rows; row++)
            RowBytes(row).CopyTo(m.RowBytes(row));
        GC.KeepAlive(this);
        GC.KeepAlive(m);
    }

    /// <summary>Fills the Mat, or the part of it where <paramref name="mask"/> is not zero.</summary>
    public Mat SetTo(Scalar value, Mat? mask = null)
    {
        if (Empty())
            return this;
        Check.That(type.Channels <= 4, $"A Scalar does not fill {this}: it has more than four channels.");
        using var self = Lease();
        if (mask is null)
        {
            CoreLibrary.Set(in self.Header, value, IntPtr.Zero);
            return this;
        }
        Check.That(mask.Rows == Rows && mask.Cols == Cols && mask.type == MatType.CV_8UC1, "A mask is CV_8UC1 of the same size.");
        using var where = mask.Lease();
        CoreLibrary.SetMasked(in self.Header, value, in where.Header);
        return this;
    }

    public Mat SubMat(Rect roi) => new(this, roi);

    public Mat SubMat(int rowStart, int rowEnd, int colStart, int colEnd) =>
        new(this, Rect.FromLTRB(colStart, rowStart, colEnd, rowEnd));

    public Mat this[Rect roi] => SubMat(roi);

    public Mat this[int rowStart, int rowEnd, int colStart, int colEnd] => SubMat(rowStart, rowEnd, colStart, colEnd);

    public Mat Row(int y) => SubMat(y, y + 1, 0, Cols);

    public Mat Col(int x) => SubMat(0, Rows, x, x + 1);

    public override string ToString() => $"Mat [ {Rows}*{Cols}*{type} ]";

    internal MatLease Lease() => new(Live, Rows, Cols, type, offset, step);

    // Made once, so that passing a Mat to Cv2 allocates nothing.
    internal InputArray AsInput => input ??= new InputArray(this);

    internal InputOutputArray AsOutput => output ??= new InputOutputArray(this);

    internal bool SharesPixelsWith(Mat other) => buffer is not null && ReferenceEquals(buffer, other.buffer);

    private PixelBuffer Live
    {
        get
        {
            ObjectDisposedException.ThrowIf(disposed, this);
            return buffer ?? throw new OpenCvSharpException("The Mat is empty.");
        }
    }

    private static int CheckedStep(int rows, int cols, MatType type, long step)
    {
        if (!type.IsKnown)
            throw new OpenCvSharpException($"There is no type {type}.");
        if (rows < 0 || cols < 0)
            throw new OpenCvSharpException($"There is no picture of {rows} rows and {cols} columns.");
        var least = (long)cols * type.ElementSize;
        if (step == 0)
            step = least;
        if (step < least || step % type.ChannelSize != 0)
            throw new OpenCvSharpException($"{cols} columns of {type} take {least} bytes a row, not {step}.");
        if (step > MaxBytes || step * rows > MaxBytes)
            throw new OpenCvSharpException($"{rows}x{cols} of {type} is more than OpenCV's C API can hold.");
        return (int)step;
    }

    private unsafe Span<byte> RowBytes(int row) =>
        new((byte*)Live.Pixels + offset + (long)row * step, Cols * type.ElementSize);

    private IntPtr Element(int row, int col, int size)
    {
        if ((uint)row >= (uint)Rows || (uint)col >= (uint)Cols)
            throw new ArgumentOutOfRangeException(nameof(row), $"({row}, {col}) is not in {this}.");
        if ((long)col * type.ElementSize + size > (long)Cols * type.ElementSize)
            throw new OpenCvSharpException($"An element of {size} bytes does not fit into {this} at ({row}, {col}).");
        return Live.Pixels + (IntPtr)(offset + (long)row * step + (long)col * type.ElementSize);
    }

    private unsafe void CheckElement<T>() where T : unmanaged
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        if (buffer is not null && type.ElementSize != sizeof(T) && type.ChannelSize != sizeof(T))
            throw new OpenCvSharpException($"{typeof(T).Name} is no element of {this}.");
    }
}
