namespace SIPSorcery.Net;

/// <summary>Something an ICE agent reports.</summary>
internal readonly record struct IceEvent(IceEventKind Kind, RTCIceConnectionState State, NetAddress Address);
