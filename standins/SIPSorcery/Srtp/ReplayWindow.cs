namespace SIPSorcery.Net;

/// <summary>Which of the latest 1024 packet indices were seen already (RFC 3711, 3.3.2).</summary>
internal sealed class ReplayWindow
{
    public const int Size = 1024;

    readonly ulong[] _bits = new ulong[Size / 64];

    /// <summary>The highest index seen; -1 before the first.</summary>
    public long Highest { get; private set; } = -1;

    public bool IsFresh(long index)
    {
        if (index > Highest)
            return true;
        if (index <= Highest - Size || index < 0)
            return false;
        return (_bits[Word(index)] & Bit(index)) == 0;
    }

    public void Add(long index)
    {
        if (index > Highest)
        {
            if (index - Highest >= Size || Highest < 0)
            {
                Array.Clear(_bits);
            }
            else
            {
                for (var skipped = Highest + 1; skipped < index; skipped++)
                    _bits[Word(skipped)] &= ~Bit(skipped);
            }
            Highest = index;
        }
        _bits[Word(index)] |= Bit(index);
    }

    static int Word(long index) => (int)(index % Size) / 64;

    static ulong Bit(long index) => 1UL << (int)(index % 64);
}
