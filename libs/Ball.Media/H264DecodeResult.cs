namespace Ball.Media;

/// <summary>What became of an access unit.</summary>
public enum H264DecodeResult
{
    /// <summary>Nothing to show, nothing wrong: the access unit held no picture (parameter sets only, say).</summary>
    NeedMore,

    /// <summary>A whole, undamaged picture.</summary>
    Decoded,

    /// <summary>Damaged, or it builds on something that is missing: ask the sender for a keyframe.</summary>
    Lost,
}
