namespace Ball.Link.Peers;

/// <summary>One encoded picture; encoded once, and sent to any number of peers, so nobody may change the bytes.</summary>
/// <param name="AccessUnit">H.264 in Annex B form.</param>
/// <param name="IsKeyframe">Whether a decoder can start with it.</param>
/// <param name="Number">The frame's number.</param>
/// <param name="Ticks">The instant it shows, in 90 kHz ticks.</param>
/// <param name="Duration">The ticks until the next frame is due.</param>
public sealed record EncodedFrame(byte[] AccessUnit, bool IsKeyframe, long Number, uint Ticks, uint Duration);
