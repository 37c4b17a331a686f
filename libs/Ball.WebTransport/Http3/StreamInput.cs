using Ball.Quic.Packets;
using Ball.WebTransport.Transport;

namespace Ball.WebTransport.Http3;

/// <summary>Reads numbers and blocks from a stream, and hands on what was read too far.</summary>
sealed class StreamInput(ITransportStream stream)
{
    private readonly byte[] buffer = new byte[256];
    private int start;
    private int end;

    /// <summary>Reads a number; null when the stream ends before it.</summary>
    public async ValueTask<long?> ReadVarIntAsync(CancellationToken cancellation)
    {
        while (true)
        {
            if (VarInt.TryRead(buffer.AsSpan(start, end - start), out long value, out int length))
            {
                start += length;
                return value;
            }

            buffer.AsSpan(start, end - start).CopyTo(buffer);
            end -= start;
            start = 0;
            int count = await stream.ReadAsync(buffer.AsMemory(end), cancellation).ConfigureAwait(false);
            if (count == 0)
                return null;
            end += count;
        }
    }

    /// <summary>Reads what there is, at most as much as fits; 0 at the end.</summary>
    public ValueTask<int> ReadAsync(Memory<byte> target, CancellationToken cancellation)
    {
        if (start == end)
            return stream.ReadAsync(target, cancellation);
        int count = Math.Min(target.Length, end - start);
        buffer.AsSpan(start, count).CopyTo(target.Span);
        start += count;
        return ValueTask.FromResult(count);
    }

    /// <summary>Reads exactly this much; false when the stream ends before.</summary>
    public async ValueTask<bool> ReadExactlyAsync(Memory<byte> target, CancellationToken cancellation)
    {
        while (target.Length > 0)
        {
            int count = await ReadAsync(target, cancellation).ConfigureAwait(false);
            if (count == 0)
                return false;
            target = target[count..];
        }

        return true;
    }

    /// <summary>Reads and throws away; false when the stream ends before.</summary>
    public async ValueTask<bool> SkipAsync(long count, CancellationToken cancellation)
    {
        var waste = new byte[(int)Math.Min(count, 4096)];
        while (count > 0)
        {
            int read = await ReadAsync(waste.AsMemory(0, (int)Math.Min(count, waste.Length)), cancellation).ConfigureAwait(false);
            if (read == 0)
                return false;
            count -= read;
        }

        return true;
    }
}
