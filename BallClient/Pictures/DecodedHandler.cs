using Ball.Pictures;

namespace BallClient.Pictures;

/// <param name="receivedAt">When the frame was complete, in monotonic nanoseconds.</param>
internal delegate void DecodedHandler(uint rtp, long receivedAt, PictureView picture);
