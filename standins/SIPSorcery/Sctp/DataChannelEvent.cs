namespace SIPSorcery.Net.Sctp;

internal enum DataChannelEventKind
{
    None,

    /// <summary>The association stands.</summary>
    Connected,

    /// <summary>A channel of ours may be used.</summary>
    Opened,

    /// <summary>The peer opened a channel; it may be used.</summary>
    Accepted,
    Message,
    BufferedAmountLow,

    /// <summary>The peer closes the channel.</summary>
    Closing,
    Closed,

    /// <summary>The association is over; each channel got its own <see cref="Closed"/> before.</summary>
    Disconnected,
}

/// <summary>Something about the data channels of an association.</summary>
internal readonly record struct DataChannelEvent(
    DataChannelEventKind Kind,
    DataChannelCore? Channel = null,
    byte[]? Data = null,
    bool IsText = false,
    SctpCloseReason Reason = SctpCloseReason.None);
