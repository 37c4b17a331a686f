namespace SIPSorcery.Net.Sctp;

/// <summary>Order of delivery on one incoming stream.</summary>
internal sealed class IncomingStream(ushort id)
{
    public ushort Id { get; } = id;

    public ushort NextSequence;

    /// <summary>Nothing has come since the stream was new or reset: a second reset has nothing to do.</summary>
    public bool IsFresh = true;

    /// <summary>Whole messages that came before their turn.</summary>
    public Dictionary<ushort, (uint Ppid, byte[] Data)>? Early;
}
