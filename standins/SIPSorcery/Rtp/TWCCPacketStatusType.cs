namespace SIPSorcery.Net;

/// <summary>How a packet's arrival is reported in transport-wide feedback.</summary>
public enum TWCCPacketStatusType
{
    NotReceived = 0,
    ReceivedSmallDelta = 1,
    ReceivedLargeDelta = 2,
    Reserved = 3,
}
