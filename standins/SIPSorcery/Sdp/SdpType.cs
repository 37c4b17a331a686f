namespace SIPSorcery.SIP.App;

/// <summary>Offer or answer.</summary>
public enum SdpType
{
    answer = 0,
    offer = 1,
}
