namespace BallServer.Streaming;

/// <param name="Dropped">Frames that were due while the machine was busy.</param>
internal readonly record struct StreamCounts(long Rendered, long Encoded, long Dropped)
{
    /// <summary>For how long frames have been made: rendered and dropped ones, in this time, are exactly the rate.</summary>
    public TimeSpan Running { get; init; }
}
