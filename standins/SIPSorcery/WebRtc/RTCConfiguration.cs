using System.Net;

namespace SIPSorcery.Net;

/// <summary>How a peer connection is to work.</summary>
public class RTCConfiguration
{
    /// <summary>STUN servers that tell the public address.</summary>
    public List<RTCIceServer>? iceServers;

    /// <summary>Which candidates may be used.</summary>
    public RTCIceTransportPolicy iceTransportPolicy;

    /// <summary>Kept for compatibility: everything is always bundled.</summary>
    public RTCBundlePolicy bundlePolicy;

    /// <summary>RTCP always shares the port of RTP.</summary>
    public RTCRtcpMuxPolicy rtcpMuxPolicy;

    /// <summary>Kept for compatibility: there is no pool.</summary>
    public int iceCandidatePoolSize;

    /// <summary>The local address to bind to; any when null. Naming a loopback address makes it a candidate.</summary>
    public IPAddress? X_BindAddress;

    /// <summary>Writes <c>SAVPF</c> instead of <c>SAVP</c> in offers.</summary>
    public bool X_UseRtpFeedbackProfile;

    /// <summary>Makes candidates of every interface's addresses, not only of the one that leads outside.</summary>
    public bool X_ICEIncludeAllInterfaceAddresses;

    /// <summary>Uses an RSA certificate for DTLS instead of ECDSA.</summary>
    public bool X_UseRsaForDtlsCertificate;

    /// <summary>Kept for compatibility: OpenSSL uses the extended master secret whenever the peer offers it.</summary>
    public bool X_DisableExtendedMasterSecretKey;

    /// <summary>How long gathering waits for STUN servers.</summary>
    public int X_GatherTimeoutMs = 30000;
}
