namespace SIPSorcery.Net;

/// <summary>Options of <see cref="RTCPeerConnection.createOffer"/>.</summary>
public class RTCOfferOptions
{
    /// <summary>Leaves the candidates out of the offer; they then go one by one.</summary>
    public bool X_ExcludeIceCandidates;

    /// <summary>Waits until gathering is complete, so that the offer has every candidate.</summary>
    public bool X_WaitForIceGatheringToComplete;
}
