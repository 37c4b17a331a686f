using System.Net;
using System.Net.Sockets;

namespace Ball.Tests;

/// <summary>
/// Ports for who has to know the number before the port is opened. They lie below those that the system gives to who asks for
/// any, so that nobody gets one by chance in between.
/// </summary>
internal static class UnusedPort
{
    private const int First = 20_000, Count = 12_000;

    // Each process begins somewhere else.
    private static int s_last = Environment.ProcessId * 97;

    /// <summary>One that nobody uses now, neither for TCP nor for UDP.</summary>
    public static int Find()
    {
        for (var attempt = 0; attempt < Count; attempt++)
        {
            var port = First + (int)((uint)Interlocked.Increment(ref s_last) % Count);
            if (IsFree(port, SocketType.Stream, ProtocolType.Tcp) && IsFree(port, SocketType.Dgram, ProtocolType.Udp))
                return port;
        }
        throw new InvalidOperationException($"No port from {First} to {First + Count - 1} is free.");
    }

    private static bool IsFree(int port, SocketType type, ProtocolType protocol)
    {
        using var probe = new Socket(AddressFamily.InterNetwork, type, protocol);
        try
        {
            probe.Bind(new IPEndPoint(IPAddress.Any, port));
            return true;
        }
        catch (SocketException taken) when (taken.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            return false;
        }
    }
}
