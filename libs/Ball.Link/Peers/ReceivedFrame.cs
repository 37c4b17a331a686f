namespace Ball.Link.Peers;

/// <summary>An encoded frame that came.</summary>
/// <param name="AccessUnit">H.264 in Annex B form.</param>
/// <param name="Rtp">Its RTP timestamp: its identity.</param>
/// <param name="ReceivedAt">When it was complete, in nanoseconds of our clock.</param>
public readonly record struct ReceivedFrame(byte[] AccessUnit, uint Rtp, long ReceivedAt);
