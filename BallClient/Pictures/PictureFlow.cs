using Ball.Handoff;
using Ball.Pictures;

namespace BallClient.Pictures;

/// <summary>Where every picture goes once it is one: to the detector, and to the window.</summary>
internal sealed class PictureFlow(FramePipeWriter? pipe, Action<uint, PictureView>? show)
{
    /// <summary>Frames that come closer together than at any rate there is were held up by a lost packet.</summary>
    private const long Together = 2_000_000;

    /// <summary>How long the frames of such a burst wait for each other's detection.</summary>
    private static readonly TimeSpan s_catchUp = TimeSpan.FromMilliseconds(20);

    private long _number;
    private long _lastReceivedAt;

    /// <summary>Pictures that were handed on.</summary>
    public long Count => Interlocked.Read(ref _number);

    /// <summary>
    /// Waits, if this frame came in one burst with the one before, until the detector has taken that. Not where frames come
    /// evenly but faster than the detector is: then the newest counts.
    /// </summary>
    public void WaitInBurst(long receivedAt)
    {
        if (pipe is not null && receivedAt - _lastReceivedAt < Together)
            pipe.WaitForRoom(s_catchUp);
        _lastReceivedAt = receivedAt;
    }

    /// <summary>Called on the thread the picture was made on; returns at once.</summary>
    public void Take(Guid session, uint rtp, long receivedAt, bool isTraced, PictureView picture)
    {
        var number = Interlocked.Increment(ref _number);
        pipe?.Offer(new FrameTag(session, number, rtp, receivedAt, isTraced), picture);
        show?.Invoke(rtp, picture);
    }
}
