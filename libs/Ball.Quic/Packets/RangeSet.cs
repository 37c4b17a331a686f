using System.Runtime.InteropServices;

namespace Ball.Quic.Packets;

/// <summary>A set of numbers as sorted, disjoint ranges: what was received, acknowledged or lost.</summary>
sealed class RangeSet
{
    private readonly List<NumberRange> _ranges = [];

    public int Count => _ranges.Count;

    /// <summary>The ranges, lowest first. End is exclusive.</summary>
    public ReadOnlySpan<NumberRange> Ranges => CollectionsMarshal.AsSpan(_ranges);

    public bool Contains(long number)
    {
        int i = FirstEndingAfter(number);
        return i < _ranges.Count && _ranges[i].Start <= number;
    }

    public void Add(long start, long end)
    {
        if (start >= end)
            return;

        // Everything that touches the new range melts into it.
        int first = FirstEndingAfter(start - 1);
        int last = first;
        while (last < _ranges.Count && _ranges[last].Start <= end)
        {
            start = Math.Min(start, _ranges[last].Start);
            end = Math.Max(end, _ranges[last].End);
            last++;
        }

        if (last == first)
        {
            _ranges.Insert(first, new NumberRange(start, end));
            return;
        }

        _ranges[first] = new NumberRange(start, end);
        if (last - first > 1)
            _ranges.RemoveRange(first + 1, last - first - 1);
    }

    public void Remove(long start, long end)
    {
        if (start >= end)
            return;
        int i = FirstEndingAfter(start);
        while (i < _ranges.Count && _ranges[i].Start < end)
        {
            var range = _ranges[i];
            if (range.Start < start)
            {
                _ranges[i++] = range with { End = start };
                if (range.End > end)
                {
                    _ranges.Insert(i, new NumberRange(end, range.End));
                    return;
                }
            }
            else if (range.End > end)
            {
                _ranges[i] = range with { Start = end };
                return;
            }
            else
            {
                _ranges.RemoveAt(i);
            }
        }
    }

    public void RemoveFirst() => _ranges.RemoveAt(0);

    public void Clear() => _ranges.Clear();

    private int FirstEndingAfter(long number)
    {
        int low = 0, high = _ranges.Count;

        // New numbers mostly come at the end.
        if (high > 0 && _ranges[high - 1].Start <= number)
            return _ranges[high - 1].End > number ? high - 1 : high;

        while (low < high)
        {
            int middle = (low + high) / 2;
            if (_ranges[middle].End > number)
                high = middle;
            else
                low = middle + 1;
        }

        return low;
    }
}
