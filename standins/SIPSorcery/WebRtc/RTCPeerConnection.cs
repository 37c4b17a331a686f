using System.Net;
using Microsoft.Extensions.Logging;
using SIPSorcery.Sys;

namespace SIPSorcery.Net;

/// <summary>A connection to one peer: video both ways and data channels.</summary>
/// <remarks>
/// Events come one at a time and in order, on pool threads, or on the caller's thread when a call of the application's own
/// causes them. They are never raised while the connection is locked, so a handler may call anything.
/// </remarks>
public partial class RTCPeerConnection : RTPSession, IRTCPeerConnection
{
    private static readonly FramePacketiser s_packetiser = new();

    private readonly ILogger _logger = LogFactory.CreateLogger<RTCPeerConnection>();
    private readonly Lock _lock = new();
    private readonly RTCConfiguration _configuration;
    private readonly DtlsCertificate _certificate;
    private readonly IceAgent _ice;
    private readonly PeerCore _core;
    private readonly UdpPort _port;
    private readonly string _cname;

    /// <summary>A connection with the default configuration on a port of its own.</summary>
    public RTCPeerConnection()
        : this(null)
    {
    }

    /// <summary>
    /// A connection. Those with the same bind address and the same <paramref name="bindPort"/> other than 0 share one
    /// socket, each telling its peers apart.
    /// </summary>
    public RTCPeerConnection(
        RTCConfiguration? configuration, int bindPort = 0, PortRange? portRange = null, bool videoAsPrimary = false)
    {
        _configuration = configuration ?? new RTCConfiguration();
        _certificate = DtlsCertificate.Create(DateTimeOffset.UtcNow, _configuration.X_UseRsaForDtlsCertificate);
        sctp = new RTCSctpTransport(this);
        _port = OpenPort(_configuration.X_BindAddress, bindPort, portRange);
        _sendTo = _port.CreateAddress();
        _schedule = new TimeoutScheduler.Entry(this);
        var random = new CryptoRandom();
        SdpSessionID = random.NextInt64(1_000_000_000, long.MaxValue).ToString();
        SessionID = Guid.NewGuid().ToString();
        _cname = Guid.NewGuid().ToString("N")[..16];
        _ice = new IceAgent(isControlling: false, AddTag(random), random);
        _core = new PeerCore(this, _ice, _certificate) { Known = address => Claim(address) };
        AddName(_ice.Local.Ufrag);
        Gather();
    }

    /// <summary>Raised when an offer should be made.</summary>
    public event Action? onnegotiationneeded;

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
    public RTCSignalingState signalingState { get; private set; } = RTCSignalingState.stable;

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

    /// <summary>The number that this end's descriptions carry.</summary>
    public string SdpSessionID { get; }

    /// <summary>The number that this end's descriptions carry.</summary>
    public string LocalSdpSessionID => SdpSessionID;

    /// <summary>Names the connection in logs.</summary>
    public string SessionID { get; }

    /// <summary>How this end's certificate is signed.</summary>
    public string DtlsCertificateSignatureAlgorithm => _certificate.SignatureAlgorithm;

    /// <summary>Hash of this end's certificate.</summary>
    public RTCDtlsFingerprint DtlsCertificateFingerprint => _certificate.Fingerprint;

    /// <summary>Hash of the peer's certificate, as its description says.</summary>
    public RTCDtlsFingerprint? RemotePeerDtlsFingerprint { get; private set; }

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

    /// <summary>Who starts the DTLS handshake.</summary>
    public IceRolesEnum IceRole { get; set; } = IceRolesEnum.actpass;

    /// <summary>The configuration it was made with.</summary>
    public RTCConfiguration getConfiguration() => _configuration;

    /// <summary>The socket under the connection.</summary>
    public RtpIceChannel GetRtpChannel() => new(_port.LocalEndPoint);

    /// <summary>Ends the connection; the peer is told.</summary>
    public void close() => Close("normal");

    /// <inheritdoc/>
    public override void Close(string reason)
    {
        lock (_lock)
        {
            if (IsClosed)
            {
                return;
            }

            IsClosed = true;
            var now = MonotonicClock.Now;
            _core.Close(now);
            SendBatch();
            Leave();
            _core.Dispose();
        }

        _port.Dispose();

        foreach (var stream in VideoStreamList)
        {
            stream.IsClosed = true;
        }

        CloseAllChannels();
        RaiseRtpClosed(reason);
        RaiseClosed();
        signalingState = RTCSignalingState.closed;
        Become(RTCIceConnectionState.closed);
        Become(RTCPeerConnectionState.closed);
    }

    private void Become(RTCIceConnectionState state)
    {
        if (iceConnectionState != state && iceConnectionState != RTCIceConnectionState.closed)
        {
            iceConnectionState = state;
            oniceconnectionstatechange?.Invoke(state);
        }
    }

    private void Become(RTCPeerConnectionState state)
    {
        if (connectionState != state && connectionState != RTCPeerConnectionState.closed)
        {
            connectionState = state;
            onconnectionstatechange?.Invoke(state);
        }
    }

    private void Become(RTCSignalingState state)
    {
        if (signalingState != state && signalingState != RTCSignalingState.closed)
        {
            signalingState = state;
            onsignalingstatechange?.Invoke();
        }
    }
}
