namespace Ball.Quic.Recovery;

/// <summary>What an ACK frame brought so far.</summary>
struct AckResult(long largest)
{
    public long Largest { get; } = largest;

    public long LargestSentAt { get; set; } = -1;

    public bool Any { get; set; }

    public bool AnyEliciting { get; set; }
}
