using System.Net;
using System.Net.Sockets;

namespace SIPSorcery.Net;

/// <summary>The <c>c=</c> line of a description.</summary>
public class SDPConnectionInformation
{
    /// <summary>The type of network, always <c>IN</c>.</summary>
    public string ConnectionNetworkType = "IN";

    /// <summary><c>IP4</c> or <c>IP6</c>.</summary>
    public string ConnectionAddressType = "IP4";

    /// <summary>The address.</summary>
    public string ConnectionAddress = "0.0.0.0";

    /// <summary>A line for an address.</summary>
    public SDPConnectionInformation(IPAddress connectionAddress)
    {
        ConnectionAddress = connectionAddress.ToString();
        ConnectionAddressType = connectionAddress.AddressFamily == AddressFamily.InterNetworkV6 ? "IP6" : "IP4";
    }

    private SDPConnectionInformation(string network, string type, string address)
    {
        ConnectionNetworkType = network;
        ConnectionAddressType = type;
        ConnectionAddress = address;
    }

    /// <inheritdoc/>
    public override string ToString() => $"c={ConnectionNetworkType} {ConnectionAddressType} {ConnectionAddress}\r\n";

    /// <summary>Reads the value of a <c>c=</c> line; null when it has no three words.</summary>
    internal static SDPConnectionInformation? TryParse(string value) =>
        value.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [var network, var type, var address, ..]
            ? new SDPConnectionInformation(network, type, address)
            : null;
}
