using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace SIPSorcery.Net;

/// <summary>An IP address and port as a value: IPv4 in its IPv6 form. Made and compared without allocation.</summary>
internal readonly record struct NetAddress(ulong High, ulong Low, ushort Port, uint Scope = 0)
{
    private const ulong MappedPrefix = 0x0000_FFFF_0000_0000;

    public static readonly NetAddress None;

    public bool IsIPv4 => High == 0 && (Low & 0xFFFF_FFFF_0000_0000) == MappedPrefix;

    public bool IsNone => Port == 0;

    public bool IsLoopback => IsIPv4 ? (Low >> 24 & 0xFF) == 127 : High == 0 && Low == 1;

    public static NetAddress From(IPEndPoint endPoint) => From(endPoint.Address, (ushort)endPoint.Port);

    public static NetAddress From(IPAddress address, ushort port)
    {
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out var length);
        return length == 4
            ? FromIPv4(BinaryPrimitives.ReadUInt32BigEndian(bytes), port)
            : new NetAddress(
                BinaryPrimitives.ReadUInt64BigEndian(bytes),
                BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]),
                port,
                address.IsIPv6LinkLocal ? (uint)address.ScopeId : 0);
    }

    public static NetAddress FromIPv4(uint address, ushort port) => new(0, MappedPrefix | address, port);

    /// <summary>Reads what the socket wrote: a sockaddr_in or sockaddr_in6.</summary>
    public static NetAddress From(SocketAddress socketAddress)
    {
        var bytes = socketAddress.Buffer.Span;
        var port = BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]);
        if (socketAddress.Family == AddressFamily.InterNetwork)
        {
            return FromIPv4(BinaryPrimitives.ReadUInt32BigEndian(bytes[4..]), port);
        }

        var high = BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]);
        return new NetAddress(
            high,
            BinaryPrimitives.ReadUInt64BigEndian(bytes[16..]),
            port,
            high >> 54 == 0xFE80 >> 6 ? BinaryPrimitives.ReadUInt32LittleEndian(bytes[24..]) : 0);
    }

    /// <summary>Writes the address into one of the socket's family; false when IPv6 does not fit an IPv4 socket.</summary>
    public bool TryWrite(SocketAddress socketAddress)
    {
        var bytes = socketAddress.Buffer.Span;
        BinaryPrimitives.WriteUInt16BigEndian(bytes[2..], Port);
        if (socketAddress.Family == AddressFamily.InterNetwork)
        {
            BinaryPrimitives.WriteUInt32BigEndian(bytes[4..], (uint)Low);
            return IsIPv4;
        }

        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], High);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[16..], Low);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[24..], Scope);
        return true;
    }

    public IPEndPoint ToEndPoint()
    {
        if (IsIPv4)
        {
            return new IPEndPoint(BinaryPrimitives.ReverseEndianness((uint)Low), Port);
        }

        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, High);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], Low);
        return new IPEndPoint(new IPAddress(bytes, Scope), Port);
    }

    public override string ToString() => ToEndPoint().ToString();
}
