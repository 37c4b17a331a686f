namespace Ball.Link.Signaling;

/// <param name="utf8">Valid during the call.</param>
public delegate void PeerTextHandler(ReadOnlySpan<byte> utf8);
