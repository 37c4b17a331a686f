namespace BallServer.Streaming;

/// <param name="Dropped">Frames that were due while the machine was busy.</param>
internal readonly record struct StreamCounts(long Rendered, long Encoded, long Dropped);
