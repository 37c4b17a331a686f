namespace SIPSorcery.Net;

/// <summary>How a data channel is to deliver; what is null takes WebRTC's default (ordered, reliable).</summary>
public class RTCDataChannelInit
{
    /// <summary>Whether messages arrive in the order they were sent.</summary>
    public bool? ordered { get; set; }

    /// <summary>For how many milliseconds a message is sent again.</summary>
    public ushort? maxPacketLifeTime { get; set; }

    /// <summary>How often a message is sent again at most.</summary>
    public ushort? maxRetransmits { get; set; }

    /// <summary>The name of the protocol spoken on the channel.</summary>
    public string? protocol { get; set; }

    /// <summary>True when both sides create the channel with the same <see cref="id"/> without asking each other.</summary>
    public bool? negotiated { get; set; }

    /// <summary>The stream number of a negotiated channel.</summary>
    public ushort? id { get; set; }
}
