namespace Ball.Quic.Recovery;

/// <summary>The packets of one space that are neither acknowledged nor lost, found by number.</summary>
sealed class SentLog
{
    private SentPacket?[] _ring = new SentPacket?[64];
    private long _first;
    private long _end;

    /// <summary>The lowest number that may still be here.</summary>
    public long First => _first;

    /// <summary>One more than the highest number that was sent.</summary>
    public long End => _end;

    public SentPacket? this[long number] => number < _first || number >= _end ? null : _ring[number & (_ring.Length - 1)];

    public void Add(SentPacket packet)
    {
        if (_first == _end)
            _first = _end = packet.Number;
        if (packet.Number - _first >= _ring.Length)
            Grow();
        _ring[packet.Number & (_ring.Length - 1)] = packet;
        _end = packet.Number + 1;
    }

    public void Remove(long number)
    {
        _ring[number & (_ring.Length - 1)] = null;
        while (_first < _end && _ring[_first & (_ring.Length - 1)] is null)
            _first++;
    }

    private void Grow()
    {
        var larger = new SentPacket?[_ring.Length * 2];
        for (long i = _first; i < _end; i++)
            larger[i & (larger.Length - 1)] = _ring[i & (_ring.Length - 1)];
        _ring = larger;
    }
}
