namespace Ball.Media.Bitstream;

/// <summary>
/// Reads bits and Exp-Golomb numbers from a NAL unit and skips its emulation prevention bytes. Past the end it yields zeros and
/// remembers that it <see cref="Failed"/>, so callers check once.
/// </summary>
internal ref struct BitReader(ReadOnlySpan<byte> bytes)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private int _next;
    private int _zeros;
    private uint _current;
    private int _left;

    public bool Failed { get; private set; }

    public uint Bit()
    {
        if (_left == 0 && !Refill())
            return 0;
        _left--;
        return _current >> _left & 1;
    }

    public bool Flag() => Bit() != 0;

    public uint Bits(int count)
    {
        uint value = 0;
        for (var i = 0; i < count; i++)
            value = value << 1 | Bit();
        return value;
    }

    /// <summary>ue(v)</summary>
    public uint Unsigned()
    {
        var zeros = 0;
        while (!Failed && Bit() == 0)
        {
            if (++zeros > 31)
            {
                Failed = true;
                return 0;
            }
        }
        return (1u << zeros) - 1 + Bits(zeros);
    }

    /// <summary>se(v)</summary>
    public int Signed()
    {
        var code = Unsigned();
        return (code & 1) != 0 ? (int)(code / 2 + 1) : -(int)(code / 2);
    }

    private bool Refill()
    {
        if (_zeros >= 2 && _next < _bytes.Length && _bytes[_next] == 3)
        {
            _next++;
            _zeros = 0;
        }
        if (_next >= _bytes.Length)
        {
            Failed = true;
            return false;
        }
        _current = _bytes[_next++];
        _zeros = _current == 0 ? _zeros + 1 : 0;
        _left = 8;
        return true;
    }
}
