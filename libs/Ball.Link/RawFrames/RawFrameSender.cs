namespace Ball.Link.RawFrames;

/// <summary>
/// Sends frames to one peer, whole or not at all: while the channel is still busy with earlier ones, a frame is dropped and
/// counted instead of queued.
/// </summary>
public sealed class RawFrameSender(IMessageChannel channel)
{
    /// <summary>This much may always wait, however small the frames are.</summary>
    public const int SmallBacklog = 256 * 1024;

    /// <summary>How many frames were handed to the channel.</summary>
    public long Sent { get; private set; }

    /// <summary>How many were dropped because it was busy or not open.</summary>
    public long Dropped { get; private set; }

    /// <summary>Sends a frame, unless more than one frame's worth still waits.</summary>
    public bool TrySend(RawFrameMessages frame)
    {
        if (!channel.IsOpen || channel.BufferedAmount > Math.Max(SmallBacklog, frame.ByteCount))
        {
            Dropped++;
            return false;
        }
        for (int i = 0; i < frame.Count; i++)
            channel.Send(frame[i]);
        Sent++;
        return true;
    }
}
