using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Logging;

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
    private const int MostFailedSegments = 3;
    private const long SilenceMakesRoom = 4_000_000;

    // Ports belong to the process, so who shares them is known to the process.
    private static readonly Dictionary<(IPAddress Address, int Port), UdpPort> s_ports = [];

    private readonly ConcurrentDictionary<string, IPacketReceiver> _byName = new();
    private readonly ConcurrentDictionary<string, IPacketReceiver>.AlternateLookup<ReadOnlySpan<char>> _byNameSpan;
    private readonly ConcurrentDictionary<uint, IPacketReceiver> _byTag = new();
    private readonly ConcurrentDictionary<NetAddress, IPacketReceiver> _byAddress = new();
    private readonly ILogger _logger = LogFactory.CreateLogger<UdpPort>();
    private readonly Socket _socket;
    private readonly (IPAddress, int) _key;
    private readonly bool _isShared;
    private int _users = 1;
    private readonly Thread _thread;
    private readonly bool _canCoalesce;
    private bool _canSegment;
    private int _failedSegments;
    private long _refused;
    private volatile bool _closed;

    private UdpPort(Socket socket, (IPAddress, int) key, bool isShared)
    {
        _socket = socket;
        _key = key;
        _isShared = isShared;
        _byNameSpan = _byName.GetAlternateLookup<ReadOnlySpan<char>>();
        LocalEndPoint = (IPEndPoint)socket.LocalEndPoint!;
        _canSegment = Enable(socket, LibC.UdpSegment, 0);
        _canCoalesce = Enable(socket, LibC.UdpGro, 1);
        _thread = new Thread(Receive) { IsBackground = true, Name = $"webrtc udp {LocalEndPoint.Port}" };
        _thread.Start();
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

        lock (s_ports)
        {
            if (s_ports.TryGetValue(key, out var open))
            {
                open._users++;
                return open;
            }

            return s_ports[key] = new UdpPort(Bind(bindAddress, port), key, isShared: true);
        }
    }

    /// <summary>Opens a socket of one's own on a given port.</summary>
    public static UdpPort OpenOwn(IPAddress? bindAddress, int port) =>
        new(Bind(bindAddress, port), (bindAddress ?? IPAddress.IPv6Any, port), isShared: false);

    public void AddName(string name, IPacketReceiver peer) => _byName[name] = peer;

    public void RemoveName(string name) => _byName.TryRemove(name, out _);

    public bool TryAddTag(uint tag, IPacketReceiver peer) => _byTag.TryAdd(tag, peer);

    public void RemoveTag(uint tag) => _byTag.TryRemove(tag, out _);

    /// <summary>
    /// Gives a peer the packets from an address; false while another, whose own peer was heard there lately, has them. So
    /// nobody can take a session's packets by writing its address on his own, while one that went silent makes room.
    /// </summary>
    public bool TryAddAddress(NetAddress address, IPacketReceiver peer, long now)
    {
        var holder = _byAddress.GetOrAdd(address, peer);
        if (holder == peer)
        {
            return true;
        }

        return now - holder.HeardAt > SilenceMakesRoom && _byAddress.TryUpdate(address, peer, holder);
    }

    public void RemoveAddress(NetAddress address, IPacketReceiver peer) =>
        _byAddress.TryRemove(new KeyValuePair<NetAddress, IPacketReceiver>(address, peer));

    public SocketAddress CreateAddress() => new(_socket.AddressFamily);

    /// <summary>
    /// Sends packets of one size (the last may be shorter) that lie behind each other, at once where the system can. What
    /// the network does not take is lost, as any packet may be.
    /// </summary>
    public void Send(ReadOnlySpan<byte> packets, int size, SocketAddress to)
    {
        if (packets.Length > size && _canSegment && TrySendSegmented(packets, size, to))
        {
            return;
        }

        for (; packets.Length > 0 && !_closed; packets = packets[Math.Min(size, packets.Length)..])
        {
            try
            {
                _socket.SendTo(packets[..Math.Min(size, packets.Length)], SocketFlags.None, to);
            }
            catch (Exception error) when (error is SocketException or ObjectDisposedException)
            {
                // Lost.
            }
        }
    }

    public void Dispose()
    {
        // Closed under the lock, so that whoever asks for the port next finds it free.
        lock (s_ports)
        {
            if (_closed || (_isShared && --_users > 0))
            {
                return;
            }

            _closed = true;
            if (_isShared)
            {
                s_ports.Remove(_key);
            }

            if (_canCoalesce)
            {
                // Wakes the thread up, which then lets go of the socket.
                LibC.Shutdown(_socket.SafeHandle.DangerousGetHandle(), LibC.ShutdownBoth);
                if (Thread.CurrentThread != _thread)
                {
                    _thread.Join(TimeSpan.FromSeconds(2));
                }
            }

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

    private static bool Enable(Socket socket, int option, int value)
    {
        if (!OperatingSystem.IsLinux() || !LibC.IsThere)
        {
            return false;
        }

        try
        {
            socket.SetRawSocketOption(LibC.LevelUdp, option, BitConverter.GetBytes(value));
            return true;
        }
        catch (SocketException)
        {
            // A kernel before 4.18 (segmentation) or 5.0 (coalescing).
            return false;
        }
    }

    private unsafe bool TrySendSegmented(ReadOnlySpan<byte> packets, int size, SocketAddress to)
    {
        var control = new LibC.SegmentControl
        {
            Length = 16 + sizeof(ushort),
            Level = LibC.LevelUdp,
            Type = LibC.UdpSegment,
            Value = size,
        };
        fixed (byte* start = packets, name = to.Buffer.Span)
        {
            var segment = new LibC.Segment { Start = start, Length = packets.Length };
            var message = new LibC.MessageHeader
            {
                Name = name,
                NameLength = (uint)to.Size,
                Segments = &segment,
                SegmentCount = 1,
                Control = (byte*)&control,
                ControlLength = sizeof(LibC.SegmentControl),
            };
            var held = false;
            try
            {
                _socket.SafeHandle.DangerousAddRef(ref held);
                if (LibC.SendMessage(_socket.SafeHandle.DangerousGetHandle(), &message, 0) == packets.Length)
                {
                    return true;
                }
            }
            catch (ObjectDisposedException)
            {
                return true;
            }
            finally
            {
                if (held)
                {
                    _socket.SafeHandle.DangerousRelease();
                }
            }
        }

        // Not on this way out, it seems; one by one always works.
        _canSegment = _failedSegments++ < MostFailedSegments && _canSegment;
        return false;
    }

    private void Receive()
    {
        var buffer = GC.AllocateArray<byte>(65536, pinned: true);
        var from = CreateAddress();
        while (!_closed)
        {
            int length, size;
            try
            {
                if (_canCoalesce)
                {
                    length = ReceiveCoalesced(buffer, from, out size);
                }
                else
                {
                    size = length = _socket.ReceiveFrom(buffer, SocketFlags.None, from);
                }
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
                Dispatch(buffer.AsSpan(0, length), size, NetAddress.From(from));
            }
        }
    }

    /// <summary>Takes what the kernel has put together: packets of one sender and size.</summary>
    private unsafe int ReceiveCoalesced(byte[] buffer, SocketAddress from, out int size)
    {
        LibC.SegmentControl control = default;
        fixed (byte* start = buffer, name = from.Buffer.Span)
        {
            var segment = new LibC.Segment { Start = start, Length = buffer.Length };
            var message = new LibC.MessageHeader
            {
                Name = name,
                NameLength = (uint)from.Size,
                Segments = &segment,
                SegmentCount = 1,
                Control = (byte*)&control,
                ControlLength = sizeof(LibC.SegmentControl),
            };
            var length = (int)LibC.ReceiveMessage(_socket.SafeHandle.DangerousGetHandle(), &message, 0);
            size = message.ControlLength >= 20 && control is { Level: LibC.LevelUdp, Type: LibC.UdpGro } ? control.Value : length;
            return length;
        }
    }

    private void Dispatch(Span<byte> packets, int size, NetAddress from)
    {
        var peer = packets[0] < 4 ? FindByCheck(packets[..Math.Min(size, packets.Length)]) : _byAddress.GetValueOrDefault(from);
        if (peer is null)
        {
            Interlocked.Increment(ref _refused);
            return;
        }

        try
        {
            peer.HandlePackets(packets, size, from, MonotonicClock.Now);
        }
        catch (Exception error)
        {
            // A fault of ours with one peer's packets must not cost the others on this port their session.
            _logger.LogError(error, "Packets from {Address} could not be handled", from);
        }
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
