using Ball.Link.RawFrames;

namespace Ball.Link.Peers;

/// <summary>Takes a raw frame; its pixels are good only during the call.</summary>
public delegate void RawFrameHandler(RawFrame frame, long receivedAt);
