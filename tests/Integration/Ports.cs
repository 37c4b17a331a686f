using System.Net;
using System.Net.Sockets;

namespace Integration;

/// <summary>Ports for what has to be told one: below those that the system gives out, and others for each process.</summary>
internal static class Ports
{
    private const int First = 12_000;
    private const int Count = 20_000;

    private static int s_next = Environment.ProcessId * 101 % Count;

    /// <summary>One that nobody uses now, neither for TCP nor for UDP.</summary>
    public static int Free()
    {
        for (var tries = 0; tries < Count; tries++)
        {
            var port = First + (int)((uint)Interlocked.Increment(ref s_next) % Count);
            if (IsFree(port, SocketType.Stream, ProtocolType.Tcp) && IsFree(port, SocketType.Dgram, ProtocolType.Udp))
                return port;
        }
        throw new InvalidOperationException("There is no free port.");
    }

    private static bool IsFree(int port, SocketType type, ProtocolType protocol)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, type, protocol);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Any, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
