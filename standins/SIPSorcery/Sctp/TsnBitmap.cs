using System.Numerics;

namespace SIPSorcery.Net.Sctp;

/// <summary>Which TSNs of a window have arrived: a ring of bits, scanned a word at a time.</summary>
internal sealed class TsnBitmap(int capacity)
{
    private readonly ulong[] _words = new ulong[capacity / 64];

    public bool this[uint tsn]
    {
        get => (_words[Word(tsn)] & (1UL << (int)(tsn & 63))) != 0;
        set
        {
            if (value)
                _words[Word(tsn)] |= 1UL << (int)(tsn & 63);
            else
                _words[Word(tsn)] &= ~(1UL << (int)(tsn & 63));
        }
    }

    /// <summary>The first TSN from <paramref name="tsn"/> on that has the given state, or <paramref name="end"/>.</summary>
    public uint Next(uint tsn, uint end, bool state)
    {
        while (Serial.Before(tsn, end))
        {
            var word = _words[Word(tsn)];
            if (!state)
                word = ~word;
            word >>= (int)(tsn & 63);
            if (word != 0)
            {
                var found = tsn + (uint)BitOperations.TrailingZeroCount(word);
                return Serial.Before(found, end) ? found : end;
            }

            tsn = (tsn | 63) + 1;
        }

        return end;
    }

    private uint Word(uint tsn) => (tsn >> 6) & (uint)(_words.Length - 1);
}
