using System.Net;
using System.Net.Sockets;

namespace Aspire.Hosting.Orchestration;

/// <summary>Looks for ports that nobody uses.</summary>
internal static class FreePort
{
    public static int Find(ProtocolType protocol)
    {
        using var socket = Open(protocol);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    public static bool IsFree(int port, ProtocolType protocol)
    {
        using var socket = Open(protocol);

        // Connections that are just closing do not keep a port from the engine, so they do not here.
        if (protocol != ProtocolType.Udp) socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            if (protocol != ProtocolType.Udp) socket.Listen(1);
            return true;
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            return false;
        }
    }

    /// <summary>What to say of a port that is not free.</summary>
    public static DistributedApplicationException Taken(int port, string usedFor) => new(
        $"Port {port} ({usedFor}) is in use by another program. End that program, or choose another port.");

    private static Socket Open(ProtocolType protocol) => protocol == ProtocolType.Udp
        ? new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp)
        : new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
}
