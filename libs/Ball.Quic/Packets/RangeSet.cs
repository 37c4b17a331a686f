using System.Runtime.InteropServices;

namespace Ball.Quic.Packets;

/// <summary>A set of numbers as sorted, disjoint ranges: what was received, acknowledged or lost.</summary>
sealed class RangeSet
{
    private readonly List<NumberRange> ranges = [];

    public int Count => ranges.Count;

    /// <summary>The ranges, lowest first. End is exclusive.</summary>
    public ReadOnlySpan<NumberRange> Ranges => CollectionsMarshal.AsSpan(ranges);

    public bool Contains(long number)
    {
        int i = FirstEndingAfter(number);
        return i < ranges.Count && ranges[i].Start <= number;
    }

    public void Add(long start, long end)
    {
        if (start >= end)
            return;

        // Everything that touches the new range melts into it.
        int first = FirstEndingAfter(start - 1);
        int last = first;
        while (last < ranges.Count && ranges[last].Start <= end)
        {
            start = Math.Min(start, ranges[last].Start);
            end = Math.Max(end, ranges[last].End);
            last++;
        }

        if (last == first)
        {
            ranges.Insert(first, new NumberRange(start, end));
            return;
        }

        ranges[first] = new NumberRange(start, end);
        if (last - first > 1)
            ranges.RemoveRange(first + 1, last - first - 1);
    }

    public void Remove(long start, long end)
    {
        if (start >= end)
            return;
        int i = FirstEndingAfter(start);
        while (i < ranges.Count && ranges[i].Start < end)
        {
            var range = ranges[i];
            if (range.Start < start)
            {
                ranges[i++] = range with { End = start };
                if (range.End > end)
                {
                    ranges.Insert(i, new NumberRange(end, range.End));
                    return;
                }
            }
            else if (range.End > end)
            {
                ranges[i] = range with { Start = end };
                return;
            }
            else
            {
                ranges.RemoveAt(i);
            }
        }
    }

    public void RemoveFirst() => ranges.RemoveAt(0);

    public void Clear() => ranges.Clear();

    private int FirstEndingAfter(long number)
    {
        int low = 0, high = ranges.Count;

        // New numbers mostly come at the end.
        if (high > 0 && ranges[high - 1].Start <= number)
            return ranges[high - 1].End > number ? high - 1 : high;

        while (low < high)
        {
            int middle = (low + high) / 2;
            if (ranges[middle].End > number)
                high = middle;
            else
                low = middle + 1;
        }

        return low;
    }
}
