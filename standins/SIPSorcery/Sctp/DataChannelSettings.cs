namespace SIPSorcery.Net.Sctp;

/// <summary>What a data channel is asked to be.</summary>
internal sealed record DataChannelSettings
{
    public string Label { get; init; } = "";

    public string Protocol { get; init; } = "";

    public bool Ordered { get; init; } = true;

    /// <summary>Give a message up after so many retransmissions; at most one of this and the lifetime.</summary>
    public ushort? MaxRetransmits { get; init; }

    /// <summary>Give a message up after so many milliseconds.</summary>
    public ushort? MaxPacketLifeTime { get; init; }

    public ushort Priority { get; init; } = 256;

    /// <summary>Both sides open the channel by themselves with the same <see cref="Id"/>; nothing is announced.</summary>
    public bool Negotiated { get; init; }

    public ushort? Id { get; init; }

    internal SctpSendOptions SendOptions => new(!Ordered, MaxRetransmits, MaxPacketLifeTime * 1000L);
}
