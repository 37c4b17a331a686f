namespace BallServer.Scoring;

/// <summary>
/// The latest frames that were sent to a peer, in order; found by RTP timestamp or by their place in the order.
/// </summary>
internal sealed class SentFrames
{
    /// <summary>How many are remembered: 17 s at 60 frames a second.</summary>
    public const int Capacity = 1024;

    /// <summary>Timestamps count up, around the end of their range; a step of half of it or more is one back.</summary>
    const uint Back = 1u << 31;

    readonly SentFrame[] _frames = new SentFrame[Capacity];
    readonly bool[] _scored = new bool[Capacity];
    long _oldest;

    /// <summary>How many were ever sent.</summary>
    public long Count { get; private set; }

    /// <summary>The first one's RTP timestamp, where pts counts from.</summary>
    public uint FirstRtp { get; private set; }

    public void Add(in SentFrame frame)
    {
        if (Count == 0)
            FirstRtp = frame.Rtp;
        // Equal or backward timestamps would make identities ambiguous: what was before is then forgotten.
        else if (Count > _oldest && unchecked(frame.Rtp - _frames[(Count - 1) % Capacity].Rtp) is 0 or >= Back)
            _oldest = Count;
        int slot = (int)(Count % Capacity);
        _frames[slot] = frame;
        _scored[slot] = false;
        Count++;
        _oldest = Math.Max(_oldest, Count - Capacity);
        // A range of timestamps that is too wide to be ordered forgets its old end.
        while (unchecked(frame.Rtp - _frames[_oldest % Capacity].Rtp) >= Back)
            _oldest++;
    }

    /// <summary>The place in the order of the frame with this timestamp; -1 where there is none.</summary>
    public long Find(uint rtp)
    {
        long low = _oldest, high = Count - 1;
        if (low > high)
            return -1;
        uint origin = _frames[low % Capacity].Rtp;
        uint wanted = unchecked(rtp - origin);
        while (low <= high)
        {
            long middle = (low + high) / 2;
            uint here = unchecked(_frames[middle % Capacity].Rtp - origin);
            if (here == wanted)
                return middle;
            if (here < wanted)
                low = middle + 1;
            else
                high = middle - 1;
        }
        return -1;
    }

    /// <summary>Whether the frame at this place is still remembered.</summary>
    public bool Has(long place) => place >= Math.Max(0, Count - Capacity) && place < Count;

    public ref readonly SentFrame At(long place) => ref _frames[place % Capacity];

    /// <summary>Marks the frame; false where it was marked before.</summary>
    public bool TryScore(long place)
    {
        ref bool mark = ref _scored[place % Capacity];
        bool fresh = !mark;
        mark = true;
        return fresh;
    }
}
