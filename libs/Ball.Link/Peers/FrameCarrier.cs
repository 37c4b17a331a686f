namespace Ball.Link.Peers;

/// <summary>How frames travel.</summary>
public enum FrameCarrier
{
    /// <summary>As H.264 on a video track.</summary>
    Video,

    /// <summary>As raw pixels on a data channel.</summary>
    DataChannel,
}
