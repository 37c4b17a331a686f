using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace SIPSorcery.Net;

/// <summary>The machine's addresses at which peers may reach it.</summary>
internal static class HostAddresses
{
    /// <summary>
    /// The given address alone; or those of the way to the Internet, or of every interface when asked or when there is no
    /// such way; or loopback when the machine has nothing else.
    /// </summary>
    public static List<IPAddress> Find(IPAddress? bindAddress, bool all)
    {
        if (bindAddress is not null && !bindAddress.Equals(IPAddress.Any) && !bindAddress.Equals(IPAddress.IPv6Any))
        {
            return [bindAddress];
        }

        var found = all ? [] : WaysOut();
        if (found.Count == 0)
        {
            found = OfInterfaces(address => !IPAddress.IsLoopback(address) && !address.IsIPv6LinkLocal);
        }

        if (found.Count == 0)
        {
            found = OfInterfaces(IPAddress.IsLoopback);
        }

        return bindAddress?.AddressFamily == AddressFamily.InterNetwork
            ? found.FindAll(address => address.AddressFamily == AddressFamily.InterNetwork)
            : found;
    }

    /// <summary>Asks the routing table; connecting a UDP socket sends nothing.</summary>
    private static List<IPAddress> WaysOut()
    {
        var found = new List<IPAddress>();
        foreach (var target in (ReadOnlySpan<IPAddress>)[IPAddress.Parse("203.0.113.1"), IPAddress.Parse("2001:db8::1")])
        {
            try
            {
                // Addresses of documentation networks: routed by default as any foreign address is.
                using var socket = new Socket(target.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
                socket.Connect(new IPEndPoint(target, 9));
                if (socket.LocalEndPoint is IPEndPoint { Address: var address } &&
                    !IPAddress.IsLoopback(address) && !address.IsIPv6LinkLocal)
                {
                    found.Add(address);
                }
            }
            catch (SocketException)
            {
                // No route for this family.
            }
        }

        return found;
    }

    private static List<IPAddress> OfInterfaces(Func<IPAddress, bool> wanted)
    {
        var found = new List<IPAddress>();
        foreach (var card in NetworkInterface.GetAllNetworkInterfaces())
        {
            if (card.OperationalStatus is OperationalStatus.Up or OperationalStatus.Unknown)
            {
                found.AddRange(card.GetIPProperties().UnicastAddresses.Select(entry => entry.Address).Where(wanted));
            }
        }

        return found;
    }
}
