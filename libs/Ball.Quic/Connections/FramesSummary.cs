namespace Ball.Quic.Connections;

/// <summary>What kind of packet its frames made it.</summary>
/// <param name="AckEliciting">Whether it has to be acknowledged.</param>
/// <param name="IsProbing">Whether it only probes a path (RFC 9000, section 9.1).</param>
readonly record struct FramesSummary(bool AckEliciting, bool IsProbing);
