namespace Ball.World;

/// <summary>
/// Chooses which frames of a session are traced: one a second at any rate. Nothing travels for it: each end shows it the RTP
/// timestamps it meets, and both choose the first frame after the same instant of each second.
/// </summary>
/// <remarks>
/// One thread shows frames, any other may ask. Where the chosen frame itself is lost, the ends disagree for that second, and its
/// trace ends where the frame did.
/// </remarks>
public sealed class FrameSampling(Guid session)
{
    /// <summary>Frames older than so many traces are nobody's news any more.</summary>
    private const int Remembered = 8;

    /// <summary>Sessions are traced at different moments, so that many at once do not come in bursts.</summary>
    private readonly uint _offset = FrameTrace.OffsetOf(session);

    private readonly long[] _chosen = [.. Enumerable.Repeat(-1L, Remembered)];
    private uint _last;
    private bool _hasLast;
    private int _count;

    /// <summary>Shows it the next frame; true if that one is traced.</summary>
    public bool Next(uint rtpTimestamp)
    {
        // Signed, since timestamps wrap around; what comes late decides nothing.
        if (_hasLast && (int)(rtpTimestamp - _last) <= 0)
            return false;
        var isChosen = _hasLast && SecondOf(rtpTimestamp) != SecondOf(_last);
        (_last, _hasLast) = (rtpTimestamp, true);
        if (isChosen)
            Volatile.Write(ref _chosen[_count++ % Remembered], rtpTimestamp);
        return isChosen;
    }

    /// <summary>Whether a frame of the last seconds is traced.</summary>
    public bool IsTraced(uint rtpTimestamp)
    {
        foreach (ref var chosen in _chosen.AsSpan())
        {
            if (Volatile.Read(ref chosen) == rtpTimestamp)
                return true;
        }
        return false;
    }

    private uint SecondOf(uint rtpTimestamp) => unchecked(rtpTimestamp + _offset) / FrameStamp.RtpClockRate;
}
