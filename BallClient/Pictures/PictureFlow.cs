using Ball.Handoff;
using Ball.Pictures;

namespace BallClient.Pictures;

/// <summary>Where every picture goes once it is one: to the detector, and to the window.</summary>
internal sealed class PictureFlow(FramePipeWriter? pipe, Action<uint, PictureView>? show)
{
    private long _number;

    /// <summary>Pictures that were handed on.</summary>
    public long Count => Interlocked.Read(ref _number);

    /// <summary>Called on the thread the picture was made on; returns at once.</summary>
    public void Take(Guid session, uint rtp, long receivedAt, bool isTraced, PictureView picture)
    {
        var number = Interlocked.Increment(ref _number);
        pipe?.Offer(new FrameTag(session, number, rtp, receivedAt, isTraced), picture);
        show?.Invoke(rtp, picture);
    }
}
