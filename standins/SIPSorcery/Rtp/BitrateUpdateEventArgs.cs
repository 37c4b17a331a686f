namespace SIPSorcery.core;

/// <summary>The bitrate and frame rate that an encoder should follow.</summary>
public class BitrateUpdateEventArgs(double bitrate, double framerate) : EventArgs
{
    /// <summary>Bits per second.</summary>
    public int Bitrate { get; set; } = (int)bitrate;
    public int Framerate { get; set; } = (int)framerate;
}
