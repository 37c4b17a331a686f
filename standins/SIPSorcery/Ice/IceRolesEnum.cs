namespace SIPSorcery.Net;

/// <summary>Who starts the DTLS handshake: the value of the SDP attribute <c>setup</c>.</summary>
public enum IceRolesEnum
{
    actpass = 0,
    passive = 1,
    active = 2,
}
