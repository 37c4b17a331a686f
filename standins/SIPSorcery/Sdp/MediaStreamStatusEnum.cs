namespace SIPSorcery.Net;

/// <summary>In which direction media flows, seen from whoever wrote the description.</summary>
public enum MediaStreamStatusEnum
{
    SendRecv = 0,
    SendOnly = 1,
    RecvOnly = 2,
    Inactive = 3,
}
