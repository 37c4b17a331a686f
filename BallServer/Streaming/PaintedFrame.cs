using Ball.Link.Peers;
using Ball.Link.RawFrames;
using Ball.World;

namespace BallServer.Streaming;

/// <summary>One frame on its way to everybody who watches; valid while they are told of it.</summary>
internal readonly ref struct PaintedFrame
{
    public required FrameStamp Stamp { get; init; }

    /// <summary>Where the ball is in it.</summary>
    public required BallPosition Truth { get; init; }

    /// <summary>When it was painted, and encoded, in monotonic nanoseconds; 0 where it was not.</summary>
    public long PaintedAt { get; init; }

    public long EncodedAt { get; init; }

    /// <summary>As H.264; null where nobody wants video.</summary>
    public EncodedFrame? Video { get; init; }

    /// <summary>As pixels, cut into messages; null where nobody wants raw frames.</summary>
    public RawFrameMessages? Raw { get; init; }
}
