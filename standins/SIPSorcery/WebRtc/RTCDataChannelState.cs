namespace SIPSorcery.Net;

/// <summary>The life of a data channel.</summary>
public enum RTCDataChannelState
{
    connecting,
    open,
    closing,
    closed,
}
