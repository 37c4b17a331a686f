namespace SIPSorcery.Net.Sctp;

/// <summary>One outgoing stream: its waiting messages and its share of the link.</summary>
internal sealed class OutgoingStream(ushort id)
{
    public const int NormalWeight = 256;
    public readonly Queue<OutgoingMessage> Waiting = new();

    public ushort Id { get; } = id;

    public ushort NextSequence;

    /// <summary>Bytes accepted but never sent yet: what W3C calls bufferedAmount.</summary>
    public long Buffered;
    public long LowThreshold;

    /// <summary>Fragments with a TSN that are not cumulatively acknowledged.</summary>
    public int Outstanding;

    /// <summary>The last TSN used on this stream.</summary>
    public uint LastTsn;
    public int Weight = NormalWeight;

    /// <summary>Service received, in bytes divided by weight: the stream with the least goes next.</summary>
    public long VirtualTime;
    public bool Scheduled;
    public bool ResetWanted;

    public bool IsDrained => Waiting.Count == 0 && Outstanding == 0;
}
