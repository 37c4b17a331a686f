using System.Net;
using System.Net.Sockets;
using Ball.Quic.Connections;

namespace Ball.Quic.Driver;

/// <summary>The only place with a socket: a thread that reads it, and a way to send. Sending works from any thread.</summary>
sealed class UdpDriver : IDisposable
{
    private const int BufferSize = 2 << 20;
    private const int Burst = 32;

    private readonly Socket socket;
    private readonly Thread thread;
    private IUdpReceiver? receiver;
    private volatile bool closed;

    public UdpDriver(IPEndPoint local)
    {
        socket = new Socket(local.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        if (local.AddressFamily == AddressFamily.InterNetworkV6)
            socket.DualMode = local.Address.Equals(IPAddress.IPv6Any);
        socket.ReceiveBufferSize = BufferSize;
        socket.SendBufferSize = BufferSize;
        try
        {
            socket.Bind(local);
        }
        catch
        {
            socket.Dispose();
            throw;
        }

        LocalEndPoint = (IPEndPoint)socket.LocalEndPoint!;
        thread = new Thread(ReceiveAll) { IsBackground = true, Name = $"quic {LocalEndPoint}" };
    }

    public IPEndPoint LocalEndPoint { get; }

    public AddressFamily Family => socket.AddressFamily;

    /// <summary>Datagrams that the system did not take: as lost as any.</summary>
    public long SendErrors { get; private set; }

    public void Start(IUdpReceiver to)
    {
        receiver = to;
        thread.Start();
    }

    public void Send(ReadOnlySpan<byte> datagram, SocketAddress to)
    {
        try
        {
            socket.SendTo(datagram, SocketFlags.None, to);
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
        if (closed)
            return;
        closed = true;
        socket.Dispose();
        if (thread.IsAlive && Thread.CurrentThread != thread)
            thread.Join(TimeSpan.FromSeconds(5));
    }

    private void ReceiveAll()
    {
        var buffer = new byte[Connection.MaxDatagram];
        var from = new SocketAddress(socket.AddressFamily);
        int inBurst = 0;
        while (!closed)
        {
            try
            {
                int length = socket.ReceiveFrom(buffer, SocketFlags.None, from);
                receiver!.OnDatagram(buffer.AsSpan(0, length), PeerAddresses.From(from));
                if (++inBurst < Burst && socket.Available > 0)
                    continue;
            }
            catch (SocketException) when (!closed)
            {
                // Too large a datagram, or an error that belongs to one we sent. Nothing to do about either.
            }
            catch (Exception exception) when (closed && exception is SocketException or ObjectDisposedException)
            {
                return;
            }

            inBurst = 0;
            receiver!.OnDrained();
        }
    }
}
