#pragma warning disable CS0067
using System.Net;
using SIPSorcery.SIP.App;
using SIPSorcery.Sys;

namespace SIPSorcery.Net;

/// <summary>A connection to one peer: video both ways and data channels.</summary>
public partial class RTCPeerConnection : RTPSession
{
    private readonly RTCConfiguration _configuration;
    private readonly List<RTCDataChannel> _channels = [];

    /// <summary>A connection with the default configuration on a port of its own.</summary>
    public RTCPeerConnection()
        : this(null)
    {
    }

    /// <summary>
    /// A connection; those with the same bind address and the same <paramref name="bindPort"/> other than 0 share one
    /// socket, each telling its peers apart.
    /// </summary>
    public RTCPeerConnection(
        RTCConfiguration? configuration, int bindPort = 0, PortRange? portRange = null, bool videoAsPrimary = false)
    {
        _configuration = configuration ?? new RTCConfiguration();
        sctp = new RTCSctpTransport(this);
    }

    /// <summary>Raised when an offer should be made.</summary>
    public event Action? onnegotiationneeded;

    /// <summary>Raised for each own candidate; who subscribes late gets the earlier ones too.</summary>
    public event Action<RTCIceCandidate>? onicecandidate;

    /// <summary>Raised when a STUN server could not help.</summary>
    public event Action<RTCIceCandidate?, string>? onicecandidateerror;

    /// <summary>Raised when <see cref="signalingState"/> changes.</summary>
    public event Action? onsignalingstatechange;

    /// <summary>Raised when <see cref="iceConnectionState"/> changes.</summary>
    public event Action<RTCIceConnectionState>? oniceconnectionstatechange;

    /// <summary>Raised when <see cref="iceGatheringState"/> changes.</summary>
    public event Action<RTCIceGatheringState>? onicegatheringstatechange;

    /// <summary>Raised when <see cref="connectionState"/> changes.</summary>
    public event Action<RTCPeerConnectionState>? onconnectionstatechange;

    /// <summary>Raised when the peer opens a data channel.</summary>
    public event Action<RTCDataChannel>? ondatachannel;

    /// <summary>Where the offer/answer exchange stands.</summary>
    public RTCSignalingState signalingState { get; private set; } = RTCSignalingState.closed;

    /// <summary>How far the search for own candidates is.</summary>
    public RTCIceGatheringState iceGatheringState { get; private set; } = RTCIceGatheringState.@new;

    /// <summary>The state of the connectivity checks.</summary>
    public RTCIceConnectionState iceConnectionState { get; private set; } = RTCIceConnectionState.@new;

    /// <summary>The state of the whole connection.</summary>
    public RTCPeerConnectionState connectionState { get; private set; } = RTCPeerConnectionState.@new;

    /// <summary>True: candidates may come one by one.</summary>
    public bool canTrickleIceCandidates => true;

    /// <summary>True once the DTLS handshake is done.</summary>
    public bool IsDtlsNegotiationComplete { get; private set; }

    /// <summary>The pending local description, else the current one.</summary>
    public RTCSessionDescription? localDescription => pendingLocalDescription ?? currentLocalDescription;

    /// <summary>The pending remote description, else the current one.</summary>
    public RTCSessionDescription? remoteDescription => pendingRemoteDescription ?? currentRemoteDescription;

    /// <summary>The local description in force.</summary>
    public RTCSessionDescription? currentLocalDescription { get; private set; }

    /// <summary>The local description that waits for an answer.</summary>
    public RTCSessionDescription? pendingLocalDescription { get; private set; }

    /// <summary>The remote description in force.</summary>
    public RTCSessionDescription? currentRemoteDescription { get; private set; }

    /// <summary>The remote description that waits for an answer.</summary>
    public RTCSessionDescription? pendingRemoteDescription { get; private set; }

    /// <summary>The transport under the data channels.</summary>
    public RTCSctpTransport sctp { get; }

    /// <summary>The data channels that are not closed.</summary>
    public IReadOnlyCollection<RTCDataChannel> DataChannels => _channels;

    /// <summary>Who starts the DTLS handshake.</summary>
    public IceRolesEnum IceRole { get; set; } = IceRolesEnum.actpass;

    /// <summary>The configuration it was made with.</summary>
    public RTCConfiguration getConfiguration() => _configuration;

    /// <summary>Describes what this end wants.</summary>
    public RTCSessionDescriptionInit createOffer(RTCOfferOptions? options = null) => new() { type = RTCSdpType.offer, sdp = "" };

    /// <summary>Describes what this end takes of the peer's offer.</summary>
    public RTCSessionDescriptionInit createAnswer(RTCAnswerOptions? options = null) => new() { type = RTCSdpType.answer, sdp = "" };

    /// <summary>Puts an own description in force.</summary>
    public Task setLocalDescription(RTCSessionDescriptionInit init) => Task.CompletedTask;

    /// <summary>Puts the peer's description in force.</summary>
    public SetDescriptionResultEnum setRemoteDescription(RTCSessionDescriptionInit init) => SetDescriptionResultEnum.OK;

    /// <summary>Puts the peer's description in force.</summary>
    public SetDescriptionResultEnum SetRemoteDescription(SdpType sdpType, SDP sessionDescription) => SetDescriptionResultEnum.OK;

    /// <summary>Takes a candidate of the peer.</summary>
    public void addIceCandidate(RTCIceCandidateInit candidateInit)
    {
    }

    /// <summary>Adds an own candidate, for example the public address that a port is mapped to.</summary>
    public void addLocalIceCandidate(RTCIceCandidate candidate)
    {
    }

    /// <summary>Makes the next offer restart ICE.</summary>
    public void restartIce()
    {
    }

    /// <summary>Opens a data channel.</summary>
    public Task<RTCDataChannel> createDataChannel(string label, RTCDataChannelInit? init = null) =>
        Task.FromResult(new RTCDataChannel(sctp, init) { label = label });

    /// <summary>Ends the connection.</summary>
    public void close() => Close("normal");

    /// <inheritdoc/>
    public override void Close(string reason)
    {
    }

    internal ulong BufferedAmount(RTCDataChannel channel) => 0;

    internal void CloseChannel(RTCDataChannel channel)
    {
    }

    internal void SendData(RTCDataChannel channel, DataChannelPayloadProtocols kind, ReadOnlySpan<byte> data)
    {
    }

    internal override void SendVideoOn(VideoStream stream, uint duration, byte[] frame, int? payloadType = null)
    {
    }
}
