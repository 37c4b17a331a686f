namespace SIPSorcery.Net;

/// <summary>Takes the packets that a port has found to be for it.</summary>
internal interface IPacketReceiver
{
    /// <summary>When it was last heard from its peer for certain. Read from any thread.</summary>
    long HeardAt { get; }

    /// <summary>
    /// Takes packets of one sender that came together, each <paramref name="size"/> bytes long, only the last may be
    /// shorter. They may be changed in place, and are gone when the call returns.
    /// </summary>
    void HandlePackets(Span<byte> packets, int size, NetAddress from, long now);
}
