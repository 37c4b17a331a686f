namespace SIPSorcery.Net;

/// <summary>A session description in force.</summary>
public class RTCSessionDescription
{
    /// <summary>What it is in the exchange.</summary>
    public RTCSdpType type;

    /// <summary>The description.</summary>
    public SDP sdp = null!;
}
