namespace SIPSorcery.Net;

/// <summary>The state of the connectivity checks.</summary>
public enum RTCIceConnectionState
{
    closed,
    failed,
    disconnected,
    @new,
    checking,
    connected,
}
