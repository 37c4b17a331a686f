namespace SIPSorcery.Net;

/// <summary>The state of the transport under the data channels.</summary>
public enum RTCSctpTransportState
{
    Connecting,
    Connected,
    Closed,
}
