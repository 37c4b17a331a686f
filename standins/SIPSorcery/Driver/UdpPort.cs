using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace SIPSorcery.Net;

/// <summary>
/// A UDP socket with a thread that receives for all peers on it. Checks find their peer by the user fragment in them,
/// answers by their transaction number, and everything else by the sender's address, once that has shown in a check
/// that it knows the peer's password.
/// </summary>
internal sealed class UdpPort : IDisposable
{
    private const int BufferSize = 4 * 1024 * 1024;
    private const int LongestName = 256;

    private static readonly Dictionary<(IPAddress Address, int Port), UdpPort> Ports = [];

    private readonly ConcurrentDictionary<string, IPacketReceiver> _byName = new();
    private readonly ConcurrentDictionary<string, IPacketReceiver>.AlternateLookup<ReadOnlySpan<char>> _byNameSpan;
    private readonly ConcurrentDictionary<uint, IPacketReceiver> _byTag = new();
    private readonly ConcurrentDictionary<NetAddress, IPacketReceiver> _byAddress = new();
    private readonly Socket _socket;
    private readonly (IPAddress, int) _key;
    private readonly bool _isShared;
    private int _users = 1;
    private long _refused;
    private volatile bool _closed;

    private UdpPort(Socket socket, (IPAddress, int) key, bool isShared)
    {
        _socket = socket;
        _key = key;
        _isShared = isShared;
        _byNameSpan = _byName.GetAlternateLookup<ReadOnlySpan<char>>();
        LocalEndPoint = (IPEndPoint)socket.LocalEndPoint!;
        new Thread(Receive) { IsBackground = true, Name = $"webrtc udp {LocalEndPoint.Port}" }.Start();
    }

    public IPEndPoint LocalEndPoint { get; }

    /// <summary>True when the socket takes IPv6, and IPv4 in it.</summary>
    public bool IsIPv6 => _socket.AddressFamily == AddressFamily.InterNetworkV6;

    public bool TakesIPv4 => !IsIPv6 || _socket.DualMode;

    /// <summary>Packets that belonged to no peer.</summary>
    public long Refused => Volatile.Read(ref _refused);

    /// <summary>Opens a socket; one with a given port is shared by all who ask for the same address and port.</summary>
    public static UdpPort Open(IPAddress? bindAddress, int port)
    {
        var key = (bindAddress ?? IPAddress.IPv6Any, port);
        if (port == 0)
        {
            return new UdpPort(Bind(bindAddress, port), key, isShared: false);
        }

        lock (Ports)
        {
            if (Ports.TryGetValue(key, out var open))
            {
                open._users++;
                return open;
            }

            return Ports[key] = new UdpPort(Bind(bindAddress, port), key, isShared: true);
        }
    }

    /// <summary>Opens a socket of one's own on a given port.</summary>
    public static UdpPort OpenOwn(IPAddress? bindAddress, int port) =>
        new(Bind(bindAddress, port), (bindAddress ?? IPAddress.IPv6Any, port), isShared: false);

    public void AddName(string name, IPacketReceiver peer) => _byName[name] = peer;

    public void RemoveName(string name) => _byName.TryRemove(name, out _);

    public bool TryAddTag(uint tag, IPacketReceiver peer) => _byTag.TryAdd(tag, peer);

    public void RemoveTag(uint tag) => _byTag.TryRemove(tag, out _);

    /// <summary>The newest peer at an address gets its packets: an older one there is most likely gone.</summary>
    public void AddAddress(NetAddress address, IPacketReceiver peer) => _byAddress[address] = peer;

    public void RemoveAddress(NetAddress address, IPacketReceiver peer) =>
        _byAddress.TryRemove(new KeyValuePair<NetAddress, IPacketReceiver>(address, peer));

    public SocketAddress CreateAddress() => new(_socket.AddressFamily);

    /// <summary>Sends a packet. What the network does not take is lost, as any packet may be.</summary>
    public void Send(ReadOnlySpan<byte> packet, SocketAddress to)
    {
        if (_closed)
        {
            return;
        }

        try
        {
            _socket.SendTo(packet, SocketFlags.None, to);
        }
        catch (SocketException)
        {
        }
        catch (ObjectDisposedException)
        {
        }
    }

    public void Dispose()
    {
        lock (Ports)
        {
            if (_isShared)
            {
                if (--_users > 0)
                {
                    return;
                }

                Ports.Remove(_key);
            }
        }

        if (!_closed)
        {
            _closed = true;
            _socket.Dispose();
        }
    }

    private static Socket Bind(IPAddress? bindAddress, int port)
    {
        var address = bindAddress ?? (Socket.OSSupportsIPv6 ? IPAddress.IPv6Any : IPAddress.Any);
        var socket = new Socket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            if (address.AddressFamily == AddressFamily.InterNetworkV6)
            {
                socket.DualMode = address.Equals(IPAddress.IPv6Any);
            }

            socket.ReceiveBufferSize = BufferSize;
            socket.SendBufferSize = BufferSize;
            socket.Bind(new IPEndPoint(address, port));
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private void Receive()
    {
        var buffer = GC.AllocateArray<byte>(65536, pinned: true);
        var from = CreateAddress();
        while (!_closed)
        {
            int length;
            try
            {
                length = _socket.ReceiveFrom(buffer, SocketFlags.None, from);
            }
            catch (SocketException) when (!_closed)
            {
                // An ICMP message about an earlier packet: the socket goes on.
                continue;
            }
            catch (Exception error) when (error is SocketException or ObjectDisposedException)
            {
                break;
            }

            if (length > 0)
            {
                Dispatch(buffer.AsSpan(0, length), NetAddress.From(from));
            }
        }
    }

    private void Dispatch(Span<byte> packet, NetAddress from)
    {
        var peer = packet[0] < 4 ? FindByCheck(packet) : _byAddress.GetValueOrDefault(from);
        if (peer is null)
        {
            Interlocked.Increment(ref _refused);
            return;
        }

        peer.HandlePacket(packet, from, MonotonicClock.Now);
    }

    private IPacketReceiver? FindByCheck(ReadOnlySpan<byte> packet)
    {
        if (!StunMessage.TryRead(packet, out var message))
        {
            return null;
        }

        if (message.Type != StunType.Request)
        {
            return _byTag.GetValueOrDefault(message.Transaction.Agent);
        }

        var colon = message.Username.IndexOf((byte)':');
        if (colon is <= 0 or > LongestName)
        {
            return null;
        }

        Span<char> name = stackalloc char[LongestName];
        var length = Encoding.ASCII.GetChars(message.Username[..colon], name);
        return _byNameSpan.TryGetValue(name[..length], out var peer) ? peer : null;
    }
}
