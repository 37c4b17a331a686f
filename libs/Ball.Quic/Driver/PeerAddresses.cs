using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Ball.Quic.Connections;

namespace Ball.Quic.Driver;

/// <summary>Turns the system's socket addresses into values and back.</summary>
static class PeerAddresses
{
    private static readonly UInt128 s_mapped = new(0, 0x0000_ffff_0000_0000);

    public static PeerAddress From(SocketAddress address)
    {
        var bytes = address.Buffer.Span;
        ushort port = BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]);
        return address.Family == AddressFamily.InterNetwork
            ? new PeerAddress(s_mapped | BinaryPrimitives.ReadUInt32BigEndian(bytes[4..]), port)
            : new PeerAddress(BinaryPrimitives.ReadUInt128BigEndian(bytes[8..]), port, BitConverter.ToUInt32(bytes[24..]));
    }

    public static PeerAddress From(IPEndPoint endPoint)
    {
        var address = endPoint.Address.MapToIPv6();
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);
        return new PeerAddress(BinaryPrimitives.ReadUInt128BigEndian(bytes), (ushort)endPoint.Port, (uint)address.ScopeId);
    }

    public static IPEndPoint ToEndPoint(PeerAddress peer)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, peer.Ip);
        var address = new IPAddress(bytes, peer.Scope);
        return new IPEndPoint(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address, peer.Port);
    }

    /// <summary>The address in the form that a socket of this family takes.</summary>
    public static SocketAddress ToSocketAddress(PeerAddress peer, AddressFamily family)
    {
        var endPoint = ToEndPoint(peer);
        if (family == AddressFamily.InterNetworkV6)
            endPoint.Address = endPoint.Address.MapToIPv6();
        return endPoint.Serialize();
    }
}
