using Ball.World;

namespace BallServer.Streaming;

/// <param name="encodedAt">0 where the frame was not encoded.</param>
internal delegate void FrameTimesHandler(FrameStamp stamp, long paintedAt, long encodedAt);
