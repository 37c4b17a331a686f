namespace SIPSorcery.Net;

/// <summary>The sources of one direction, a bounded number of them.</summary>
internal sealed class SrtpSources
{
    public const int Limit = 64;

    readonly SrtpSource[] _sources = new SrtpSource[Limit];
    SrtpSource? _last;

    public int Count { get; private set; }

    public SrtpSource? Find(uint ssrc)
    {
        if (_last?.Ssrc == ssrc)
            return _last;
        for (var i = 0; i < Count; i++)
        {
            if (_sources[i].Ssrc == ssrc)
                return _last = _sources[i];
        }
        return null;
    }

    public bool TryAdd(uint ssrc, out SrtpSource source)
    {
        source = new SrtpSource(ssrc);
        if (Count == Limit)
            return false;
        _sources[Count++] = _last = source;
        return true;
    }
}
