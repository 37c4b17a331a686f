using System.Net;
using System.Net.Sockets;
using Ball.Quic.Connections;

namespace Ball.Quic.Driver;

/// <summary>The only place with a socket: a thread that reads it, and a way to send. Sending works from any thread.</summary>
sealed class UdpDriver : IDisposable
{
    private const int BufferSize = 2 << 20;
    private const int Burst = 32;

    private readonly Socket _socket;
    private readonly Thread _thread;
    private IUdpReceiver? _receiver;
    private volatile bool _closed;

    public UdpDriver(IPEndPoint local)
    {
        _socket = new Socket(local.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        if (local.AddressFamily == AddressFamily.InterNetworkV6)
            _socket.DualMode = local.Address.Equals(IPAddress.IPv6Any);
        _socket.ReceiveBufferSize = BufferSize;
        _socket.SendBufferSize = BufferSize;
        try
        {
            _socket.Bind(local);
        }
        catch
        {
            _socket.Dispose();
            throw;
        }

        LocalEndPoint = (IPEndPoint)_socket.LocalEndPoint!;
        _thread = new Thread(ReceiveAll) { IsBackground = true, Name = $"quic {LocalEndPoint}" };
    }

    public IPEndPoint LocalEndPoint { get; }

    public AddressFamily Family => _socket.AddressFamily;

    /// <summary>Datagrams that the system did not take: as lost as any.</summary>
    public long SendErrors { get; private set; }

    public void Start(IUdpReceiver to)
    {
        _receiver = to;
        _thread.Start();
    }

    public void Send(ReadOnlySpan<byte> datagram, SocketAddress to)
    {
        try
        {
            _socket.SendTo(datagram, SocketFlags.None, to);
        }
        catch (SocketException)
        {
            // No route, a full buffer: the transport finds out by itself, as with a loss on the way.
            SendErrors++;
        }
        catch (ObjectDisposedException)
        {
            SendErrors++;
        }
    }

    public void Dispose()
    {
        if (_closed)
            return;
        _closed = true;
        _socket.Dispose();
        if (_thread.IsAlive && Thread.CurrentThread != _thread)
            _thread.Join(TimeSpan.FromSeconds(5));
    }

    private void ReceiveAll()
    {
        var buffer = new byte[Connection.MaxDatagram];
        var from = new SocketAddress(_socket.AddressFamily);
        int inBurst = 0;
        while (!_closed)
        {
            try
            {
                int length = _socket.ReceiveFrom(buffer, SocketFlags.None, from);
                _receiver!.OnDatagram(buffer.AsSpan(0, length), PeerAddresses.From(from));
                if (++inBurst < Burst && _socket.Available > 0)
                    continue;
            }
            catch (SocketException) when (!_closed)
            {
                // Too large a datagram, or an error that belongs to one we sent. Nothing to do about either.
            }
            catch (Exception exception) when (_closed && exception is SocketException or ObjectDisposedException)
            {
                return;
            }

            inBurst = 0;
            _receiver!.OnDrained();
        }
    }
}
