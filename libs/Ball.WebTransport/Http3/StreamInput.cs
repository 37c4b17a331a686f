using Ball.Quic.Packets;
using Ball.WebTransport.Transport;

namespace Ball.WebTransport.Http3;

/// <summary>Reads numbers and blocks from a stream, and hands on what was read too far.</summary>
sealed class StreamInput(ITransportStream stream)
{
    private readonly byte[] _buffer = new byte[256];
    private int _start;
    private int _end;

    /// <summary>Reads a number; null when the stream ends before it.</summary>
    public async ValueTask<long?> ReadVarIntAsync(CancellationToken cancellation)
    {
        while (true)
        {
            if (VarInt.TryRead(_buffer.AsSpan(_start, _end - _start), out long value, out int length))
            {
                _start += length;
                return value;
            }

            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            _end -= _start;
            _start = 0;
            int count = await stream.ReadAsync(_buffer.AsMemory(_end), cancellation).ConfigureAwait(false);
            if (count == 0)
                return null;
            _end += count;
        }
    }

    /// <summary>Reads what there is, at most as much as fits; 0 at the end.</summary>
    public ValueTask<int> ReadAsync(Memory<byte> target, CancellationToken cancellation)
    {
        if (_start == _end)
            return stream.ReadAsync(target, cancellation);
        int count = Math.Min(target.Length, _end - _start);
        _buffer.AsSpan(_start, count).CopyTo(target.Span);
        _start += count;
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
