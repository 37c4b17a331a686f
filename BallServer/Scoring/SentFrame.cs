namespace BallServer.Scoring;

/// <summary>
/// A frame that was sent to a peer, with the truth it shows. Times are nanoseconds of the server's monotonic clock.
/// </summary>
/// <param name="Rtp">The RTP timestamp it was sent to this peer with.</param>
/// <param name="Number">The frame's number.</param>
/// <param name="Shown">The instant the picture shows; the loop's latency counts from here.</param>
/// <param name="Painted">The picture was ready.</param>
/// <param name="Encoded">It was encoded.</param>
/// <param name="Sent">It was handed to the network.</param>
/// <param name="X">Where the ball truly is in the picture.</param>
/// <param name="Y">Where the ball truly is in the picture.</param>
internal readonly record struct SentFrame(
    uint Rtp, long Number, long Shown, long Painted, long Encoded, long Sent, double X, double Y);
