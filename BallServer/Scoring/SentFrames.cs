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

    readonly SentFrame[] frames = new SentFrame[Capacity];
    readonly bool[] scored = new bool[Capacity];
    long oldest;

    /// <summary>How many were ever sent.</summary>
    public long Count { get; private set; }

    /// <summary>The first one's RTP timestamp, where pts counts from.</summary>
    public uint FirstRtp { get; private set; }

    public void Add(in SentFrame frame)
    {
        if (Count == 0)
            FirstRtp = frame.Rtp;
        // Equal or backward timestamps would make identities ambiguous: what was before is then forgotten.
        else if (Count > oldest && unchecked(frame.Rtp - frames[(Count - 1) % Capacity].Rtp) is 0 or >= Back)
            oldest = Count;
        int slot = (int)(Count % Capacity);
        frames[slot] = frame;
        scored[slot] = false;
        Count++;
        oldest = Math.Max(oldest, Count - Capacity);
        // A range of timestamps that is too wide to be ordered forgets its old end.
        while (unchecked(frame.Rtp - frames[oldest % Capacity].Rtp) >= Back)
            oldest++;
    }

    /// <summary>The place in the order of the frame with this timestamp; -1 where there is none.</summary>
    public long Find(uint rtp)
    {
        long low = oldest, high = Count - 1;
        if (low > high)
            return -1;
        uint origin = frames[low % Capacity].Rtp;
        uint wanted = unchecked(rtp - origin);
        while (low <= high)
        {
            long middle = (low + high) / 2;
            uint here = unchecked(frames[middle % Capacity].Rtp - origin);
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

    public ref readonly SentFrame At(long place) => ref frames[place % Capacity];

    /// <summary>Marks the frame; false where it was marked before.</summary>
    public bool TryScore(long place)
    {
        ref bool mark = ref scored[place % Capacity];
        bool fresh = !mark;
        mark = true;
        return fresh;
    }
}
