using System.Net;

namespace SIPSorcery.Net;

/// <summary>The socket under a connection, as far as applications ask for it: to advertise its port.</summary>
public sealed class RtpIceChannel
{
    internal RtpIceChannel(IPEndPoint localEndPoint) => RTPLocalEndPoint = localEndPoint;

    /// <summary>The port that media and data come in by.</summary>
    public int RTPPort => RTPLocalEndPoint.Port;

    /// <summary>What the socket is bound to.</summary>
    public IPEndPoint RTPLocalEndPoint { get; }
}
