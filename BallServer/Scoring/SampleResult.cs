namespace BallServer.Scoring;

/// <summary>What became of a coordinate message.</summary>
internal enum SampleResult
{
    /// <summary>It named a frame, and was scored against it.</summary>
    Matched,

    /// <summary>It named no frame: scored in real time and in order only.</summary>
    Plain,

    /// <summary>It named a frame that was not sent, or is forgotten: not scored.</summary>
    Unmatched,

    /// <summary>Its frame had been scored: not scored again.</summary>
    Duplicate,
}
