namespace SIPSorcery.Net;

/// <summary>What the header extensions of a packet say about its leaving.</summary>
internal readonly record struct SendStamp(uint AbsSendTime, ushort TransportSequence);
