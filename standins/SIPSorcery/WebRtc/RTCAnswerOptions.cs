namespace SIPSorcery.Net;

/// <summary>Options of <see cref="RTCPeerConnection.createAnswer"/>.</summary>
public class RTCAnswerOptions
{
    /// <summary>Leaves the candidates out of the answer; they then go one by one.</summary>
    public bool X_ExcludeIceCandidates;

    /// <summary>Waits until gathering is complete, so that the answer has every candidate.</summary>
    public bool X_WaitForIceGatheringToComplete;
}
