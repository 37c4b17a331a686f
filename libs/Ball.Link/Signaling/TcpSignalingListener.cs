using System.Net;
using System.Net.Sockets;

namespace Ball.Link.Signaling;

/// <summary>
/// Where the offerer waits for peers. Every accepted connection is a signalling session of its own, so several peers can be
/// served at once (in aiortc a second connection replaces the first).
/// </summary>
public sealed class TcpSignalingListener : IAsyncDisposable
{
    readonly Socket _socket;
    readonly int _maxSessions;
    int _sessions;

    TcpSignalingListener(Socket socket, int maxSessions)
    {
        _socket = socket;
        _maxSessions = maxSessions;
        EndPoint = (IPEndPoint)socket.LocalEndPoint!;
    }

    /// <summary>Where it listens: with the real port when 0 was asked for.</summary>
    public IPEndPoint EndPoint { get; }

    /// <summary>How many accepted sessions are not closed yet.</summary>
    public int Sessions => Volatile.Read(ref _sessions);

    /// <summary>Starts to listen.</summary>
    /// <param name="host">An address of this machine or a name for one; `*` for all.</param>
    /// <param name="port">A port, or 0 for any that is free.</param>
    /// <param name="maxSessions">How many sessions may be open at once; who comes later is hung up on.</param>
    /// <exception cref="SignalingException">The address is not to be had.</exception>
    public static TcpSignalingListener Start(string host = "127.0.0.1", int port = 8080, int maxSessions = 256)
    {
        Socket? socket = null;
        try
        {
            IPAddress address = Resolve(host);
            socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(address, port));
            socket.Listen(128);
            return new TcpSignalingListener(socket, maxSessions);
        }
        catch (SocketException e)
        {
            socket?.Dispose();
            string why = e.SocketErrorCode switch
            {
                SocketError.AddressAlreadyInUse => "somebody else listens there; choose another --signaling-port",
                SocketError.AccessDenied => "that port needs more rights; choose another --signaling-port",
                SocketError.AddressNotAvailable =>
                    "no interface of this machine has that address; choose another --signaling-host",
                SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData =>
                    "the name has no address; choose another --signaling-host",
                _ => e.Message,
            };
            throw new SignalingException($"Cannot listen on {host}:{port}: {why}.", e);
        }
    }

    /// <summary>The next peer that connects.</summary>
    public async Task<TcpSignaling> AcceptAsync(CancellationToken cancel = default)
    {
        while (true)
        {
            Socket peer;
            try
            {
                peer = await _socket.AcceptAsync(cancel).ConfigureAwait(false);
            }
            catch (SocketException e) when (e.SocketErrorCode is SocketError.ConnectionReset or SocketError.ConnectionAborted)
            {
                continue;
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                cancel.ThrowIfCancellationRequested();
                throw new SignalingException($"Nobody listens on {EndPoint} any more: {e.Message}", e);
            }
            if (Interlocked.Increment(ref _sessions) <= _maxSessions)
                return new TcpSignaling(peer, () => Interlocked.Decrement(ref _sessions));
            Interlocked.Decrement(ref _sessions);
            peer.Dispose();
        }
    }

    /// <summary>Stops listening; sessions that were accepted live on.</summary>
    public ValueTask DisposeAsync()
    {
        _socket.Dispose();
        return ValueTask.CompletedTask;
    }

    static IPAddress Resolve(string host)
    {
        if (host is "*" or "+")
            return IPAddress.Any;
        if (host is "localhost")
            return IPAddress.Loopback;
        if (IPAddress.TryParse(host, out var address))
            return address;
        return Dns.GetHostAddresses(host).OrderBy(a => a.AddressFamily).First();
    }
}
