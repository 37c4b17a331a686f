using System.Buffers.Binary;
using System.Numerics;

namespace Ball.Quic.Crypto;

/// <summary>The first bytes of a ChaCha20 key stream (RFC 8439), which .NET does not give without Poly1305.</summary>
static class ChaCha20
{
    /// <summary>The mask for a sample: four bytes of counter, then twelve of nonce (RFC 9001, section 5.4.4).</summary>
    public static void Mask(ReadOnlySpan<byte> key, ReadOnlySpan<byte> sample, Span<byte> mask)
    {
        Span<uint> start = stackalloc uint[16];
        start[0] = 0x61707865;
        start[1] = 0x3320646e;
        start[2] = 0x79622d32;
        start[3] = 0x6b206574;
        for (int i = 0; i < 8; i++)
            start[4 + i] = BinaryPrimitives.ReadUInt32LittleEndian(key[(4 * i)..]);
        for (int i = 0; i < 4; i++)
            start[12 + i] = BinaryPrimitives.ReadUInt32LittleEndian(sample[(4 * i)..]);

        Span<uint> state = stackalloc uint[16];
        start.CopyTo(state);
        for (int i = 0; i < 10; i++)
        {
            QuarterRound(state, 0, 4, 8, 12);
            QuarterRound(state, 1, 5, 9, 13);
            QuarterRound(state, 2, 6, 10, 14);
            QuarterRound(state, 3, 7, 11, 15);
            QuarterRound(state, 0, 5, 10, 15);
            QuarterRound(state, 1, 6, 11, 12);
            QuarterRound(state, 2, 7, 8, 13);
            QuarterRound(state, 3, 4, 9, 14);
        }

        Span<byte> stream = stackalloc byte[8];
        BinaryPrimitives.WriteUInt32LittleEndian(stream, state[0] + start[0]);
        BinaryPrimitives.WriteUInt32LittleEndian(stream[4..], state[1] + start[1]);
        stream[..mask.Length].CopyTo(mask);
    }

    private static void QuarterRound(Span<uint> s, int a, int b, int c, int d)
    {
        s[d] = BitOperations.RotateLeft(s[d] ^ (s[a] += s[b]), 16);
        s[b] = BitOperations.RotateLeft(s[b] ^ (s[c] += s[d]), 12);
        s[d] = BitOperations.RotateLeft(s[d] ^ (s[a] += s[b]), 8);
        s[b] = BitOperations.RotateLeft(s[b] ^ (s[c] += s[d]), 7);
    }
}
