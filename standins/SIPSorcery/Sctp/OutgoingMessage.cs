namespace SIPSorcery.Net.Sctp;

/// <summary>A message on its way out, with its bytes in a rented buffer until the peer has them all.</summary>
internal sealed class OutgoingMessage
{
    public byte[] Buffer = [];
    public int Length;
    public OutgoingStream Stream = null!;
    public uint PayloadProtocol;
    public bool Unordered;

    /// <summary>Negative for no limit.</summary>
    public int MaxRetransmits;
    public long ExpiresAt;

    /// <summary>Stream sequence number, given with the first fragment, so that a message dropped before leaves no gap.</summary>
    public ushort Sequence;

    /// <summary>Bytes that have been sent at least once.</summary>
    public int Sent;

    /// <summary>Fragments that have a TSN and are not cumulatively acknowledged.</summary>
    public int Outstanding;
    public uint FirstTsn;
    public bool Abandoned;

    public bool FullySent => Sent == Length;

    public bool IsPartiallyReliable => MaxRetransmits >= 0 || ExpiresAt != long.MaxValue;
}
