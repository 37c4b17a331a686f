using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace Interop.Support;

/// <summary>
/// A way between two peers that loses and delays packets: each side is given an address of the link in place of the
/// other's candidates.
/// </summary>
internal sealed partial class LossyLink : IAsyncDisposable
{
    private readonly Random _random;
    private readonly double _loss;
    private readonly TimeSpan _delay;
    private readonly IPAddress _address;
    private readonly Socket _left;
    private readonly Socket _right;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentBag<Task> _underWay = [];
    private readonly Task _pumping;
    private EndPoint? _leftPeer;
    private EndPoint? _rightPeer;

    public LossyLink(double loss, TimeSpan delay, int seed)
    {
        (_loss, _delay, _random) = (loss, delay, new Random(seed));
        _address = OwnAddress();
        _left = Open();
        _right = Open();
        _pumping = Task.WhenAll(PumpAsync(_left, _right, isLeft: true), PumpAsync(_right, _left, isLeft: false));
    }

    public int Lost { get; private set; }

    /// <summary>Rewrites the left side's description so that the right side sends into the link.</summary>
    public string FromLeft(string sdp) => Rewrite(sdp, _right);

    public string FromRight(string sdp) => Rewrite(sdp, _left);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _pumping;
        await Task.WhenAll(_underWay);
        _left.Dispose();
        _right.Dispose();
    }

    private static IPAddress OwnAddress()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            socket.Connect("203.0.113.1", 9);
            return ((IPEndPoint)socket.LocalEndPoint!).Address;
        }
        catch (SocketException)
        {
            return IPAddress.Loopback;
        }
    }

    [GeneratedRegex(@"a=candidate:[^\r\n]*\r?\n")]
    private static partial Regex Candidates();

    private Socket Open()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(_address, 0));
        return socket;
    }

    private static string Rewrite(string sdp, Socket socket)
    {
        var (address, port) = (((IPEndPoint)socket.LocalEndPoint!).Address, ((IPEndPoint)socket.LocalEndPoint).Port);
        var bare = Candidates().Replace(sdp, string.Empty);
        var place = bare.IndexOf("a=ice-ufrag", StringComparison.Ordinal);
        return bare.Insert(place, $"a=candidate:1 1 udp 2130706431 {address} {port} typ host\r\n");
    }

    private async Task PumpAsync(Socket from, Socket to, bool isLeft)
    {
        var buffer = new byte[2048];
        try
        {
            while (true)
            {
                var got = await from.ReceiveFromAsync(buffer, SocketFlags.None, new IPEndPoint(IPAddress.Any, 0), _stop.Token);
                if (isLeft)
                {
                    _leftPeer = got.RemoteEndPoint;
                }
                else
                {
                    _rightPeer = got.RemoteEndPoint;
                }

                var target = isLeft ? _rightPeer : _leftPeer;
                bool lost;
                lock (_random)
                {
                    lost = _random.NextDouble() < _loss;
                    Lost += lost ? 1 : 0;
                }

                if (!lost && target is not null)
                {
                    _underWay.Add(DeliverAsync(buffer[..got.ReceivedBytes], to, target));
                }
            }
        }
        catch (OperationCanceledException)
        {
        }
    }

    private async Task DeliverAsync(byte[] packet, Socket to, EndPoint target)
    {
        try
        {
            await Task.Delay(_delay, _stop.Token);
            await to.SendToAsync(packet, SocketFlags.None, target, _stop.Token);
        }
        catch (Exception error) when (error is OperationCanceledException or SocketException)
        {
            // The end of the test, or of the peer.
        }
    }
}
