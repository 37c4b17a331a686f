namespace BallServer.Streaming;

/// <param name="Dropped">Frames that were due while the machine was busy.</param>
/// <param name="Running">For how long frames have been made: rendered and dropped ones, in this time, are exactly the rate.</param>
internal readonly record struct StreamCounts(long Rendered, long Encoded, long Dropped, TimeSpan Running);
