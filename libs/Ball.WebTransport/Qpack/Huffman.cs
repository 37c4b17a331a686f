namespace Ball.WebTransport.Qpack;

/// <summary>The Huffman code of HPACK and QPACK (RFC 7541, appendix B), rebuilt from the lengths of its codes.</summary>
static class Huffman
{
    private const int EndOfString = 256;
    private const int Longest = 30;

    private static readonly byte[] s_lengths =
    [
        13, 23, 28, 28, 28, 28, 28, 28, 28, 24, 30, 28, 28, 30, 28, 28,
        28, 28, 28, 28, 28, 28, 30, 28, 28, 28, 28, 28, 28, 28, 28, 28,
        6, 10, 10, 12, 13, 6, 8, 11, 10, 10, 8, 11, 8, 6, 6, 6,
        5, 5, 5, 6, 6, 6, 6, 6, 6, 6, 7, 8, 15, 6, 12, 10,
        13, 6, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7,
        7, 7, 7, 7, 7, 7, 7, 7, 8, 7, 8, 13, 19, 13, 14, 6,
        15, 5, 6, 5, 6, 5, 6, 6, 6, 5, 7, 7, 6, 6, 6, 5,
        6, 7, 6, 5, 5, 6, 7, 7, 7, 7, 7, 15, 11, 14, 13, 28,
        20, 22, 20, 20, 22, 22, 22, 23, 22, 23, 23, 23, 23, 23, 24, 23,
        24, 24, 22, 23, 24, 23, 23, 23, 23, 21, 22, 23, 22, 23, 23, 24,
        22, 21, 20, 22, 22, 23, 23, 21, 23, 22, 22, 24, 21, 22, 23, 23,
        21, 21, 22, 21, 23, 22, 23, 23, 20, 22, 22, 22, 23, 22, 22, 23,
        26, 26, 20, 19, 22, 23, 22, 25, 26, 26, 26, 27, 27, 26, 24, 25,
        19, 21, 26, 27, 27, 26, 27, 24, 21, 21, 26, 26, 28, 27, 27, 27,
        20, 24, 20, 21, 22, 21, 21, 23, 22, 22, 25, 25, 24, 24, 26, 23,
        26, 27, 26, 26, 27, 27, 27, 27, 27, 28, 27, 27, 27, 27, 27, 26,
        30
    ];

    // Symbols in the order of their codes, and for each length its first code and where its symbols begin.
    private static readonly short[] s_symbols = Sorted();
    private static readonly (uint First, int Index, int Count)[] s_table = Tables();

    /// <summary>Decodes; false for a code that no encoder makes.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> source, Span<byte> target, out int written)
    {
        written = 0;
        uint code = 0;
        int length = 0;
        foreach (byte octet in source)
        {
            for (int bit = 7; bit >= 0; bit--)
            {
                code = (code << 1) | ((uint)octet >> bit & 1);
                length++;
                if (length > Longest)
                    return false;
                var (first, index, count) = s_table[length];
                if (count == 0 || code < first || code - first >= count)
                    continue;
                int symbol = s_symbols[index + (int)(code - first)];
                if (symbol == EndOfString || written >= target.Length)
                    return false;
                target[written++] = (byte)symbol;
                code = 0;
                length = 0;
            }
        }

        // What is left over is padding: fewer than eight ones.
        return length < 8 && code == (1u << length) - 1;
    }

    private static short[] Sorted()
    {
        var symbols = new short[s_lengths.Length];
        int next = 0;
        for (int length = 1; length <= Longest; length++)
        {
            for (short symbol = 0; symbol < s_lengths.Length; symbol++)
            {
                if (s_lengths[symbol] == length)
                    symbols[next++] = symbol;
            }
        }

        return symbols;
    }

    private static (uint First, int Index, int Count)[] Tables()
    {
        var tables = new (uint First, int Index, int Count)[Longest + 1];
        uint code = 0;
        int index = 0;
        for (int length = 1; length <= Longest; length++)
        {
            int count = s_lengths.Count(l => l == length);
            tables[length] = (code, index, count);
            index += count;
            code = (code + (uint)count) << 1;
        }

        return tables;
    }
}
