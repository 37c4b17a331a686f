using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace OpenCvSharp;

/// <summary>A two-dimensional array of pixels: its own, a part of another Mat's, or somebody else's.</summary>
public class Mat : IDisposable
{
    private const long MaxBytes = int.MaxValue;

    private PixelBuffer? _buffer;
    private long _offset;
    private int _step;
    private MatType _type;
    private bool _disposed;
    private InputArray? _input;
    private InputOutputArray? _output;

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
        _buffer = m.Live.Share();
        _offset = m._offset + (long)roi.Y * m._step + (long)roi.X * m._type.ElementSize;
        _step = m._step;
        _type = m._type;
        Rows = roi.Height;
        Cols = roi.Width;
    }

    private Mat(PixelBuffer buffer, int rows, int cols, MatType type, int step)
    {
        _buffer = buffer;
        _type = type;
        _step = step;
        Rows = rows;
        Cols = cols;
    }

    public int Rows { get; private set; }

    public int Cols { get; private set; }

    public int Height => Rows;

    public int Width => Cols;

    public bool IsDisposed => _disposed;

    /// <summary>The first pixel. Valid until the Mat is disposed or made anew.</summary>
    public IntPtr Data
    {
        get
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return _buffer is null ? IntPtr.Zero : _buffer.Pixels + (IntPtr)_offset;
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
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_buffer is not null && Rows == rows && Cols == cols && _type == type)
            return;
        var rowBytes = CheckedStep(rows, cols, type, 0);
        var fresh = PixelBuffer.Allocate((nuint)Math.Max(1, (long)rows * rowBytes));
        Release();
        _buffer = fresh;
        _offset = 0;
        _step = rowBytes;
        _type = type;
        Rows = rows;
        Cols = cols;
    }

    public void Create(Size size, MatType type) => Create(size.Height, size.Width, type);

    /// <summary>Lets the pixels go; the Mat is empty then.</summary>
    public void Release()
    {
        var old = _buffer;
        _buffer = null;
        Rows = Cols = 0;
        old?.Leave();
    }

    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        Release();
        GC.SuppressFinalize(this);
    }

    public MatType Type() => _type;

    public int Depth() => _type.Depth;

    public int Channels() => _type.Channels;

    public int ElemSize() => _type.ElementSize;

    public int ElemSize1() => _type.ChannelSize;

    /// <summary>Bytes from one row to the next.</summary>
    public long Step() => _step;

    public long Step(int i) => i switch
    {
        0 => _step,
        1 => _type.ElementSize,
        _ => throw new ArgumentOutOfRangeException(nameof(i)),
    };

    public Size Size() => new(Cols, Rows);

    public long Total() => (long)Rows * Cols;

    public bool Empty() => _buffer is null || Rows == 0 || Cols == 0;

    public bool IsContinuous() => Rows <= 1 || _step == Cols * _type.ElementSize;

    public bool IsSubmatrix() => _offset != 0 || !IsContinuous();

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
        data = new T[Total() * _type.ElementSize / sizeof(T)];
        var bytes = MemoryMarshal.AsBytes(data.AsSpan());
        for (var row = 0; row < Rows; row++)
            RowBytes(row).CopyTo(bytes[(row * Cols * _type.ElementSize)..]);
        GC.KeepAlive(this);
        return true;
    }

    /// <summary>Copies all elements in, row by row.</summary>
    public bool SetArray<T>(params T[] data) where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(data);
        CheckElement<T>();
        var bytes = MemoryMarshal.AsBytes(data.AsSpan());
        if (bytes.Length != Total() * _type.ElementSize)
            throw new OpenCvSharpException($"{this} takes {Total() * _type.ElementSize} bytes, here are {bytes.Length}.");
        for (var row = 0; row < Rows; row++)
            bytes.Slice(row * Cols * _type.ElementSize, Cols * _type.ElementSize).CopyTo(RowBytes(row));
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
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_buffer is null)
        {
            m.Release();
            return;
        }
        m.Create(Rows, Cols, _type);
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
        Check.That(_type.Channels <= 4, $"A Scalar does not fill {this}: it has more than four channels.");
        using var self = Lease();
        if (mask is null)
        {
            CoreLibrary.Set(in self.Header, value, IntPtr.Zero);
            return this;
        }
        Check.That(
            mask.Rows == Rows && mask.Cols == Cols && mask._type == MatType.CV_8UC1, "A mask is CV_8UC1 of the same size.");
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

    public override string ToString() => $"Mat [ {Rows}*{Cols}*{_type} ]";

    internal MatLease Lease() => new(Live, Rows, Cols, _type, _offset, _step);

    // Made once, so that passing a Mat to Cv2 allocates nothing.
    internal InputArray AsInput => _input ??= new InputArray(this);

    internal InputOutputArray AsOutput => _output ??= new InputOutputArray(this);

    internal bool SharesPixelsWith(Mat other) => _buffer is not null && ReferenceEquals(_buffer, other._buffer);

    private PixelBuffer Live
    {
        get
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return _buffer ?? throw new OpenCvSharpException("The Mat is empty.");
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
        new((byte*)Live.Pixels + _offset + (long)row * _step, Cols * _type.ElementSize);

    private IntPtr Element(int row, int col, int size)
    {
        if ((uint)row >= (uint)Rows || (uint)col >= (uint)Cols)
            throw new ArgumentOutOfRangeException(nameof(row), $"({row}, {col}) is not in {this}.");
        if ((long)col * _type.ElementSize + size > (long)Cols * _type.ElementSize)
            throw new OpenCvSharpException($"An element of {size} bytes does not fit into {this} at ({row}, {col}).");
        return Live.Pixels + (IntPtr)(_offset + (long)row * _step + (long)col * _type.ElementSize);
    }

    private unsafe void CheckElement<T>() where T : unmanaged
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_buffer is not null && _type.ElementSize != sizeof(T) && _type.ChannelSize != sizeof(T))
            throw new OpenCvSharpException($"{typeof(T).Name} is no element of {this}.");
    }
}
