using System.Buffers;

namespace Ball.Quic.Streams;

/// <summary>Bytes of a stream by their offset, in a pooled ring that grows to what is really held.</summary>
sealed class ByteRing
{
    private const int Smallest = 4096;

    private byte[]? bytes;
    private int capacity;

    /// <summary>Copies bytes in. All that is held lies between start and the new end.</summary>
    public void Write(long start, long offset, ReadOnlySpan<byte> source)
    {
        if (source.IsEmpty)
            return;
        EnsureCapacity(start, offset + source.Length);
        int position = (int)(offset & (capacity - 1));
        int first = Math.Min(source.Length, capacity - position);
        source[..first].CopyTo(bytes.AsSpan(position));
        source[first..].CopyTo(bytes);
    }

    public void Read(long offset, Span<byte> target)
    {
        if (target.IsEmpty)
            return;
        int position = (int)(offset & (capacity - 1));
        int first = Math.Min(target.Length, capacity - position);
        bytes.AsSpan(position, first).CopyTo(target);
        bytes.AsSpan(0, target.Length - first).CopyTo(target[first..]);
    }

    public void Release()
    {
        if (bytes is not null)
            ArrayPool<byte>.Shared.Return(bytes);
        bytes = null;
        capacity = 0;
    }

    private void EnsureCapacity(long start, long end)
    {
        long needed = end - start;
        if (needed <= capacity)
            return;
        int larger = Math.Max(Smallest, capacity);
        while (larger < needed)
            larger *= 2;
        var rented = ArrayPool<byte>.Shared.Rent(larger);
        if (bytes is not null)
        {
            // Every held byte goes to its place in the larger ring; what is not held is copied along, harmlessly.
            for (long offset = start, held = start + capacity; offset < held;)
            {
                int from = (int)(offset & (capacity - 1));
                int to = (int)(offset & (larger - 1));
                int run = (int)Math.Min(held - offset, Math.Min(capacity - from, larger - to));
                bytes.AsSpan(from, run).CopyTo(rented.AsSpan(to));
                offset += run;
            }

            ArrayPool<byte>.Shared.Return(bytes);
        }

        bytes = rented;
        capacity = larger;
    }
}
