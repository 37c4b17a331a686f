using Ball.Quic.Packets;

namespace Ball.Quic.Streams;

/// <summary>Puts bytes that arrive in pieces into order. What is held never exceeds the window.</summary>
sealed class ReceiveBuffer(int window)
{
    /// <summary>More gaps than this come from no honest peer.</summary>
    private const int MaxGaps = 1024;

    private readonly ByteRing _ring = new();
    private readonly RangeSet _pieces = new();

    /// <summary>Everything below was read.</summary>
    public long Start { get; private set; }

    /// <summary>One past the last byte that can be read in order.</summary>
    public long ReadableEnd { get; private set; }

    /// <summary>One past the highest byte that came.</summary>
    public long Highest { get; private set; }

    public int Readable => (int)(ReadableEnd - Start);

    /// <summary>Takes a piece; false when it does not fit into the window, or there are too many gaps.</summary>
    public bool TryWrite(long offset, ReadOnlySpan<byte> data)
    {
        long end = offset + data.Length;
        if (end > Start + window)
            return false;
        Highest = Math.Max(Highest, end);
        if (end <= ReadableEnd || data.IsEmpty)
            return true;
        if (offset < ReadableEnd)
        {
            data = data[(int)(ReadableEnd - offset)..];
            offset = ReadableEnd;
        }

        _ring.Write(Start, offset, data);
        if (offset == ReadableEnd && _pieces.Count == 0)
        {
            ReadableEnd = end;
            return true;
        }

        _pieces.Add(offset, end);
        if (_pieces.Ranges[0].Start == ReadableEnd)
        {
            ReadableEnd = _pieces.Ranges[0].End;
            _pieces.RemoveFirst();
        }

        return _pieces.Count <= MaxGaps;
    }

    public int Read(Span<byte> target)
    {
        int count = Math.Min(target.Length, Readable);
        _ring.Read(Start, target[..count]);
        Start += count;
        if (Start == Highest)
            _ring.Release();
        return count;
    }

    public void Release()
    {
        _ring.Release();
        _pieces.Clear();
        Start = ReadableEnd = Highest;
    }
}
