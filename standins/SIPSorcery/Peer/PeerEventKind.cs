namespace SIPSorcery.Net;

/// <summary>What the core of a peer reports.</summary>
internal enum PeerEventKind
{
    /// <summary>The connectivity checks are in another state.</summary>
    IceState,

    /// <summary>Packets go to another address.</summary>
    Destination,

    /// <summary>A STUN server told the address seen from outside.</summary>
    Reflexive,

    /// <summary>No more own candidates come.</summary>
    GatheringDone,

    /// <summary>The handshake is done and the peer is who it should be.</summary>
    Secured,

    /// <summary>The handshake failed.</summary>
    SecurityFailed,

    /// <summary>The peer has closed the connection.</summary>
    PeerClosed,

    /// <summary>A video frame is complete.</summary>
    Frame,

    /// <summary>An RTP packet came.</summary>
    Rtp,

    /// <summary>An RTCP datagram came.</summary>
    RtcpReceived,

    /// <summary>An RTCP datagram went out.</summary>
    RtcpSent,

    /// <summary>The peer ended a stream.</summary>
    Bye,
}
