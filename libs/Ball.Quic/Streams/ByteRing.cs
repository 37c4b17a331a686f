using System.Buffers;

namespace Ball.Quic.Streams;

/// <summary>Bytes of a stream by their offset, in a pooled ring that grows to what is really held.</summary>
sealed class ByteRing
{
    private const int Smallest = 4096;

    private byte[]? _bytes;
    private int _capacity;

    /// <summary>Copies bytes in. All that is held lies between start and the new end.</summary>
    public void Write(long start, long offset, ReadOnlySpan<byte> source)
    {
        if (source.IsEmpty)
            return;
        EnsureCapacity(start, offset + source.Length);
        int position = (int)(offset & (_capacity - 1));
        int first = Math.Min(source.Length, _capacity - position);
        source[..first].CopyTo(_bytes.AsSpan(position));
        source[first..].CopyTo(_bytes);
    }

    public void Read(long offset, Span<byte> target)
    {
        if (target.IsEmpty)
            return;
        int position = (int)(offset & (_capacity - 1));
        int first = Math.Min(target.Length, _capacity - position);
        _bytes.AsSpan(position, first).CopyTo(target);
        _bytes.AsSpan(0, target.Length - first).CopyTo(target[first..]);
    }

    public void Release()
    {
        if (_bytes is not null)
            ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = null;
        _capacity = 0;
    }

    private void EnsureCapacity(long start, long end)
    {
        long needed = end - start;
        if (needed <= _capacity)
            return;
        int larger = Math.Max(Smallest, _capacity);
        while (larger < needed)
            larger *= 2;
        var rented = ArrayPool<byte>.Shared.Rent(larger);
        if (_bytes is not null)
        {
            // Every held byte goes to its place in the larger ring; what is not held is copied along, harmlessly.
            for (long offset = start, held = start + _capacity; offset < held;)
            {
                int from = (int)(offset & (_capacity - 1));
                int to = (int)(offset & (larger - 1));
                int run = (int)Math.Min(held - offset, Math.Min(_capacity - from, larger - to));
                _bytes.AsSpan(from, run).CopyTo(rented.AsSpan(to));
                offset += run;
            }

            ArrayPool<byte>.Shared.Return(_bytes);
        }

        _bytes = rented;
        _capacity = larger;
    }
}
