namespace SIPSorcery.Net;

/// <summary>How one signs in to an ICE server.</summary>
public enum RTCIceCredentialType
{
    password,
}
