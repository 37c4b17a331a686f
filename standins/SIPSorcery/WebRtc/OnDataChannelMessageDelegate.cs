namespace SIPSorcery.Net;

/// <summary>Takes a message from a data channel.</summary>
public delegate void OnDataChannelMessageDelegate(RTCDataChannel dc, DataChannelPayloadProtocols protocol, byte[] data);
