namespace SIPSorcery.Net;

/// <summary>What a session description is in the offer/answer exchange.</summary>
public enum RTCSdpType
{
    answer = 0,
    offer = 1,
    pranswer = 2,
    rollback = 3,
}
