namespace BallServer.Scoring;

/// <summary>One coordinate message, judged.</summary>
internal readonly record struct Score(SampleResult Result)
{
    /// <summary>What was reported.</summary>
    public double X { get; init; }

    public double Y { get; init; }

    /// <summary>The frame it is about; only when matched.</summary>
    public SentFrame Frame { get; init; }

    /// <summary>Against the truth of that frame; only when matched.</summary>
    public PixelError Error { get; init; }

    /// <summary>From the instant the frame shows until now, in nanoseconds; only when matched.</summary>
    public long Latency { get; init; }

    /// <summary>Against the truth of this moment; when matched or plain.</summary>
    public PixelError Realtime { get; init; }

    /// <summary>Against the frame whose turn it is; null when that is not known (any more).</summary>
    public PixelError? InOrder { get; init; }
}
