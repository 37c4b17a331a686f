using Ball.Quic.Packets;

namespace Ball.Quic.Streams;

/// <summary>Bytes on their way out: kept until acknowledged, sent again when lost.</summary>
sealed class SendBuffer(int capacity)
{
    private readonly ByteRing _ring = new();
    private RangeSet? _acked;
    private RangeSet? _lost;

    /// <summary>Everything below is acknowledged.</summary>
    public long Start { get; private set; }

    /// <summary>The first byte that was never sent.</summary>
    public long Next { get; private set; }

    /// <summary>One past the last byte written.</summary>
    public long End { get; private set; }

    public int Free => (int)(capacity - (End - Start));

    public bool HasLost => _lost is { Count: > 0 };

    public bool HasNew => Next < End;

    public bool AllAcked => Start == End;

    /// <summary>Takes as much as there is room for.</summary>
    public int Write(ReadOnlySpan<byte> source)
    {
        int count = Math.Min(source.Length, Free);
        _ring.Write(Start, End, source[..count]);
        End += count;
        return count;
    }

    /// <summary>Says which bytes go next: lost ones first, new ones up to the limit. False when there are none.</summary>
    public bool TryTake(int max, long limit, out long offset, out int length)
    {
        offset = length = 0;
        if (max <= 0)
            return false;
        if (HasLost)
        {
            var range = _lost!.Ranges[0];
            offset = range.Start;
            length = (int)Math.Min(max, range.End - range.Start);
            _lost.Remove(offset, offset + length);
            return true;
        }

        offset = Next;
        length = (int)Math.Min(max, Math.Min(End, limit) - Next);
        if (length <= 0)
        {
            length = 0;
            return false;
        }

        Next += length;
        return true;
    }

    public void Read(long offset, Span<byte> target) => _ring.Read(offset, target);

    public void Acked(long offset, int length)
    {
        long end = offset + length;
        if (end <= Start)
            return;
        _lost?.Remove(offset, end);
        if (offset > Start)
        {
            (_acked ??= new RangeSet()).Add(offset, end);
            return;
        }

        Start = end;
        while (_acked is { Count: > 0 } && _acked.Ranges[0].Start <= Start)
        {
            Start = Math.Max(Start, _acked.Ranges[0].End);
            _acked.RemoveFirst();
        }

        if (Start == End)
            _ring.Release();
    }

    public void Lost(long offset, int length)
    {
        long end = offset + length;
        offset = Math.Max(offset, Start);
        if (offset >= end)
            return;
        _lost ??= new RangeSet();
        _lost.Add(offset, end);
        if (_acked is null)
            return;
        foreach (var range in _acked.Ranges)
        {
            if (range.Start < end && range.End > offset)
                _lost.Remove(range.Start, range.End);
        }
    }

    public void Release()
    {
        _ring.Release();
        _lost?.Clear();
        _acked?.Clear();
        Start = Next = End;
    }
}
