namespace SIPSorcery.Net;

/// <summary>The W3C's part of a connection, for code that wants no more of it.</summary>
public interface IRTCPeerConnection
{
    /// <summary>Raised when an offer should be made.</summary>
    event Action? onnegotiationneeded;

    /// <summary>Raised for each own candidate.</summary>
    event Action<RTCIceCandidate>? onicecandidate;

    /// <summary>Raised when a STUN server could not help.</summary>
    event Action<RTCIceCandidate?, string>? onicecandidateerror;

    /// <summary>Raised when <see cref="signalingState"/> changes.</summary>
    event Action? onsignalingstatechange;

    /// <summary>Raised when <see cref="iceConnectionState"/> changes.</summary>
    event Action<RTCIceConnectionState>? oniceconnectionstatechange;

    /// <summary>Raised when <see cref="iceGatheringState"/> changes.</summary>
    event Action<RTCIceGatheringState>? onicegatheringstatechange;

    /// <summary>Raised when <see cref="connectionState"/> changes.</summary>
    event Action<RTCPeerConnectionState>? onconnectionstatechange;

    /// <summary>The pending local description, else the current one.</summary>
    RTCSessionDescription? localDescription { get; }

    /// <summary>The local description in force.</summary>
    RTCSessionDescription? currentLocalDescription { get; }

    /// <summary>The local description that waits for an answer.</summary>
    RTCSessionDescription? pendingLocalDescription { get; }

    /// <summary>The pending remote description, else the current one.</summary>
    RTCSessionDescription? remoteDescription { get; }

    /// <summary>The remote description in force.</summary>
    RTCSessionDescription? currentRemoteDescription { get; }

    /// <summary>The remote description that waits for an answer.</summary>
    RTCSessionDescription? pendingRemoteDescription { get; }

    /// <summary>Where the offer/answer exchange stands.</summary>
    RTCSignalingState signalingState { get; }

    /// <summary>How far the search for own candidates is.</summary>
    RTCIceGatheringState iceGatheringState { get; }

    /// <summary>The state of the connectivity checks.</summary>
    RTCIceConnectionState iceConnectionState { get; }

    /// <summary>The state of the whole connection.</summary>
    RTCPeerConnectionState connectionState { get; }

    /// <summary>True when candidates may come one by one.</summary>
    bool canTrickleIceCandidates { get; }

    /// <summary>Makes an offer.</summary>
    RTCSessionDescriptionInit createOffer(RTCOfferOptions? options = null);

    /// <summary>Makes an answer to the peer's offer.</summary>
    RTCSessionDescriptionInit createAnswer(RTCAnswerOptions? options = null);

    /// <summary>Puts an own description in force.</summary>
    Task setLocalDescription(RTCSessionDescriptionInit init);

    /// <summary>Puts a description of the peer in force.</summary>
    SetDescriptionResultEnum setRemoteDescription(RTCSessionDescriptionInit init);

    /// <summary>Takes a candidate of the peer.</summary>
    void addIceCandidate(RTCIceCandidateInit candidateInit);

    /// <summary>Makes the next offer look for the way to the peer anew.</summary>
    void restartIce();

    /// <summary>The configuration it was made with.</summary>
    RTCConfiguration getConfiguration();

    /// <summary>Ends the connection; the peer is told.</summary>
    void close();
}
