namespace Ball.Link.Messages;

/// <summary>How a coordinate message says which frame it is about.</summary>
public enum FrameIdentity : byte
{
    /// <summary>Not at all: bare coordinates, as most aiortc programs send them.</summary>
    None,

    /// <summary>By the RTP timestamp the frame was sent with.</summary>
    Rtp,

    /// <summary>By 90 kHz ticks since the first frame the peer received.</summary>
    Pts,
}
