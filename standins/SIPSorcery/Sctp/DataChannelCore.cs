namespace SIPSorcery.Net.Sctp;

internal enum DataChannelPhase
{
    Connecting,
    Open,
    Closing,
    Closed,
}

/// <summary>One data channel, as <see cref="DataChannels"/> keeps it.</summary>
internal sealed class DataChannelCore(DataChannelSettings settings)
{
    public DataChannelSettings Settings { get; } = settings;

    public string Label => Settings.Label;

    public string Protocol => Settings.Protocol;

    /// <summary>The stream in both directions; null until it is allocated.</summary>
    public ushort? Id { get; internal set; }

    public DataChannelPhase Phase { get; internal set; }

    /// <summary>For the owner to hang its own object on.</summary>
    public object? Owner { get; set; }

    public long BufferedAmountLowThreshold { get; internal set; }

    // Until the peer's ACK its side may not know the channel: everything goes in order behind the OPEN.
    internal bool PeerKnows { get; set; }

    internal bool OpenSent { get; set; }

    internal bool IncomingReset { get; set; }

    internal bool OutgoingReset { get; set; }

    internal MemoryStream? Partial { get; set; }
}
