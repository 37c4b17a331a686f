namespace SIPSorcery.Net;

/// <summary>The transport under a connection's data channels.</summary>
public class RTCSctpTransport
{
    internal const uint MaxMessageSize = 262144;

    internal RTCSctpTransport(RTCPeerConnection connection)
    {
        Connection = connection;
    }

    /// <summary>Raised when the transport connects or closes.</summary>
    public event Action<RTCSctpTransportState>? OnStateChanged;

    /// <summary>Closed until DTLS is up, then connecting until the association stands.</summary>
    public RTCSctpTransportState state { get; private set; } = RTCSctpTransportState.Closed;

    /// <summary>The largest message that may be sent.</summary>
    public uint maxMessageSize => MaxMessageSize;

    /// <summary>True when this end started the DTLS handshake.</summary>
    public bool IsDtlsClient { get; internal set; }

    internal RTCPeerConnection Connection { get; }

    internal void Become(RTCSctpTransportState next)
    {
        if (state != next)
        {
            state = next;
            OnStateChanged?.Invoke(next);
        }
    }
}
