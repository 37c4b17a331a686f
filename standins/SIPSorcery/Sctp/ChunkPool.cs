using System.Numerics;

namespace SIPSorcery.Net.Sctp;

/// <summary>Buffers for chunks that came out of order, by powers of two. One association, one thread: no locks.</summary>
internal sealed class ChunkPool
{
    private const int SmallestBits = 6;
    private const int LargestBits = 16;
    private const int MaxRetainedBytes = 1024 * 1024;
    private readonly Stack<byte[]>[] _free = [.. Enumerable.Range(0, LargestBits - SmallestBits + 1).Select(_ =>
        new Stack<byte[]>())];
    private int _retained;

    public byte[] Rent(int length)
    {
        var bits = Bits(length);
        if (!_free[bits - SmallestBits].TryPop(out var buffer))
            return new byte[1 << bits];
        _retained -= buffer.Length;
        return buffer;
    }

    public void Return(byte[] buffer)
    {
        if (_retained + buffer.Length > MaxRetainedBytes)
            return;
        _retained += buffer.Length;
        _free[Bits(buffer.Length) - SmallestBits].Push(buffer);
    }

    private static int Bits(int length) => Math.Max(SmallestBits, BitOperations.Log2((uint)Math.Max(1, length - 1)) + 1);
}
