namespace SIPSorcery.Net;

/// <summary>Something the core of a peer reports; which fields are set goes by its kind.</summary>
internal readonly record struct PeerEvent(
    PeerEventKind Kind,
    RTCIceConnectionState IceState = default,
    NetAddress Address = default,
    string? Text = null,
    VideoReceiver? Receiver = null,
    ReceivedFrame Frame = default,
    RTPPacket? Packet = null,
    byte[]? Rtcp = null);
