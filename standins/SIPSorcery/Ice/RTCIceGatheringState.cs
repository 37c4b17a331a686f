namespace SIPSorcery.Net;

/// <summary>How far the search for own candidates is.</summary>
public enum RTCIceGatheringState
{
    @new,
    gathering,
    complete,
}
