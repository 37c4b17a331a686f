namespace SIPSorcery.Net;

/// <summary>Takes the packets that a port has found to be for it.</summary>
internal interface IPacketReceiver
{
    /// <summary>The packet may be changed in place; it is gone when the call returns.</summary>
    void HandlePacket(Span<byte> packet, NetAddress from, long now);
}
