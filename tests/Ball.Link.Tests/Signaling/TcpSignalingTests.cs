using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Ball.Link.Signaling;

namespace Ball.Link.Tests.Signaling;

public class TcpSignalingTests
{
    static readonly DescriptionMessage s_offer = new(DescriptionKind.Offer, "v=0\r\noffer\r\n");
    static readonly DescriptionMessage s_answer = new(DescriptionKind.Answer, "v=0\r\nanswer\r\n");

    static readonly TimeSpan s_patience = TimeSpan.FromSeconds(90);

    readonly CancellationToken _patience = new CancellationTokenSource(s_patience).Token;

    [Fact]
    public async Task An_offer_is_answered_and_goodbye_said()
    {
        await using var listener = TcpSignalingListener.Start(port: 0);
        Assert.True(IPAddress.IsLoopback(listener.EndPoint.Address));
        await using var client = await ConnectAsync(listener);
        var server = await listener.AcceptAsync(_patience);

        await server.SendAsync(s_offer, _patience);
        Assert.Equal(s_offer, await client.ReceiveAsync(_patience));
        await client.SendAsync(s_answer, _patience);
        await client.SendAsync(new CandidateMessage("candidate:1", "0", 0), _patience);
        Assert.Equal(s_answer, await server.ReceiveAsync(_patience));
        Assert.Equal(new CandidateMessage("candidate:1", "0", 0), await server.ReceiveAsync(_patience));

        await server.DisposeAsync();
        Assert.Same(ByeMessage.Instance, await client.ReceiveAsync(_patience));
        Assert.Null(await client.ReceiveAsync(_patience));
        Assert.Null(await client.ReceiveAsync(_patience));
        Assert.Equal(0, listener.Sessions);
    }

    [Fact]
    public async Task Several_peers_have_sessions_of_their_own()
    {
        await using var listener = TcpSignalingListener.Start(port: 0);
        var clients = new List<TcpSignaling>();
        var servers = new List<TcpSignaling>();
        for (int i = 0; i < 20; i++)
        {
            clients.Add(await ConnectAsync(listener));
            servers.Add(await listener.AcceptAsync(_patience));
        }
        for (int i = 0; i < 20; i++)
            await servers[i].SendAsync(s_offer with { Sdp = $"offer {i}" }, _patience);
        for (int i = 19; i >= 0; i--)
            Assert.Equal(s_offer with { Sdp = $"offer {i}" }, await clients[i].ReceiveAsync(_patience));
        Assert.Equal(20, listener.Sessions);
        foreach (var signaling in clients.Concat(servers))
            await signaling.DisposeAsync();
    }

    [Fact]
    public async Task Too_many_peers_are_hung_up_on_and_the_others_served()
    {
        await using var listener = TcpSignalingListener.Start(port: 0, maxSessions: 1);
        var first = await ConnectAsync(listener);
        var served = await listener.AcceptAsync(_patience);
        var second = await ConnectAsync(listener);
        var accepting = listener.AcceptAsync(_patience);
        Assert.Null(await second.ReceiveAsync(_patience));

        await served.DisposeAsync();
        await using var third = await ConnectAsync(listener);
        await using var servedNext = await accepting;
        await servedNext.SendAsync(s_offer, _patience);
        Assert.Equal(s_offer, await third.ReceiveAsync(_patience));
        await first.DisposeAsync();
        await second.DisposeAsync();
    }

    [Fact]
    public async Task A_client_may_start_first_and_wait()
    {
        int port = UnusedPort.Find();
        var connecting = TcpSignalingConnector.ConnectAsync("127.0.0.1", port, s_patience, cancel: _patience);
        await Assert.ThrowsAsync<TimeoutException>(() => connecting.WaitAsync(TimeSpan.FromMilliseconds(300)));
        await using var listener = TcpSignalingListener.Start(port: port);
        await using var client = await connecting;
        await using var server = await listener.AcceptAsync(_patience);
        await server.SendAsync(s_offer, _patience);
        Assert.Equal(s_offer, await client.ReceiveAsync(_patience));
    }

    [Fact]
    public async Task A_client_whose_patience_ends_says_what_to_do()
    {
        int port = UnusedPort.Find();
        var e = await Assert.ThrowsAsync<SignalingException>(() => TcpSignalingConnector.ConnectAsync(
            "127.0.0.1", port, TimeSpan.FromMilliseconds(200), cancel: _patience));
        Assert.Contains($"127.0.0.1:{port}", e.Message);
        Assert.Contains("--wait", e.Message);
        Assert.DoesNotContain('\n', e.Message);
    }

    [Fact]
    public void Pauses_between_attempts_grow_to_a_second()
    {
        var pause = TimeSpan.FromMilliseconds(50);
        for (int i = 0; i < 20; i++)
        {
            var next = TcpSignalingConnector.Longer(pause);
            Assert.True(next > pause || pause == TimeSpan.FromSeconds(1));
            pause = next;
        }
        Assert.Equal(TimeSpan.FromSeconds(1), pause);
    }

    [Fact]
    public async Task Waiting_can_be_called_off_everywhere()
    {
        await using var listener = TcpSignalingListener.Start(port: 0);
        await using var client = await ConnectAsync(listener);
        await using var server = await listener.AcceptAsync(_patience);
        int port = UnusedPort.Find();
        await CallOff(cancel => listener.AcceptAsync(cancel));
        await CallOff(async cancel => await client.ReceiveAsync(cancel));
        await CallOff(cancel => TcpSignalingConnector.ConnectAsync(
            "127.0.0.1", port, Timeout.InfiniteTimeSpan, cancel: cancel));

        // A receive that was called off has lost nothing.
        await server.SendAsync(s_offer, _patience);
        Assert.Equal(s_offer, await client.ReceiveAsync(_patience));

        static async Task CallOff(Func<CancellationToken, Task> wait)
        {
            using var cancel = new CancellationTokenSource();
            var waiting = wait(cancel.Token);
            cancel.Cancel();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        }
    }

    [Fact]
    public async Task A_port_that_is_taken_is_named()
    {
        await using var listener = TcpSignalingListener.Start(port: 0);
        int port = listener.EndPoint.Port;
        var e = Assert.Throws<SignalingException>(() => TcpSignalingListener.Start(port: port));
        Assert.Contains("--signaling-port", e.Message);
    }

    [Fact]
    public async Task A_server_that_just_ended_can_come_back_on_its_port()
    {
        int port = UnusedPort.Find();
        await ServeOnceAsync(port);
        await using var again = TcpSignalingListener.Start(port: port);
        await using var next = await ConnectAsync(again);
    }

    async Task ServeOnceAsync(int port)
    {
        await using var listener = TcpSignalingListener.Start(port: port);
        await using var client = await ConnectAsync(listener);
        await using var server = await listener.AcceptAsync();
        await server.DisposeAsync();
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\n\r\n", "does not speak")]
    [InlineData("\n", "does not speak")]
    public async Task A_stranger_is_refused(string text, string reason)
    {
        await using var listener = TcpSignalingListener.Start(port: 0);
        using var stranger = await RawAsync(listener);
        await using var server = await listener.AcceptAsync(_patience);
        await stranger.SendAsync(Encoding.UTF8.GetBytes(text));
        var e = await Assert.ThrowsAsync<SignalingException>(async () => await server.ReceiveAsync(_patience));
        Assert.Contains(reason, e.Message);
    }

    [Fact]
    public async Task A_line_without_end_is_refused_at_64_KiB()
    {
        await using var listener = TcpSignalingListener.Start(port: 0);
        using var stranger = await RawAsync(listener);
        await using var server = await listener.AcceptAsync(_patience);
        var sending = stranger.SendAsync(new byte[1 << 20]);
        var e = await Assert.ThrowsAsync<SignalingException>(async () => await server.ReceiveAsync(_patience));
        Assert.Contains("65536", e.Message);
        await server.DisposeAsync();
        await Record.ExceptionAsync(() => sending);
    }

    [Fact]
    public async Task Lines_may_come_in_any_pieces()
    {
        await using var listener = TcpSignalingListener.Start(port: 0);
        using var peer = await RawAsync(listener);
        await using var server = await listener.AcceptAsync(_patience);
        byte[] lines = [.. SignalingFormat.ToLine(s_offer), .. "{\"type\":\"news\"}\n"u8, .. SignalingFormat.ToLine(s_answer)];
        var receiving = server.ReceiveAsync(_patience);
        foreach (byte b in lines)
            await peer.SendAsync(new[] { b });
        Assert.Equal(s_offer, await receiving);
        Assert.Equal(s_answer, await server.ReceiveAsync(_patience));
        peer.Close();
        Assert.Null(await server.ReceiveAsync(_patience));
    }

    [Fact]
    public async Task An_aiortc_answerer_takes_our_offer()
    {
        await using var listener = TcpSignalingListener.Start(port: 0);
        await using var peer = PythonPeer.Start("signaling_peer.py", "answer", "127.0.0.1", $"{listener.EndPoint.Port}");
        var server = await listener.AcceptAsync(_patience);
        string sdp = string.Join("\r\n",
            "v=0", "o=- 3 0 IN IP4 127.0.0.1", "s=-", "t=0 0", "a=group:BUNDLE 0",
            "m=application 9 UDP/DTLS/SCTP webrtc-datachannel", "c=IN IP4 0.0.0.0", "a=mid:0", "a=ice-ufrag:abcd",
            "a=ice-pwd:abcdefghijklmnopqrstuvwx", $"a=fingerprint:sha-256 {string.Join(':', Enumerable.Repeat("AB", 32))}",
            "a=setup:actpass", "a=sctp-port:5000", "");
        await server.SendAsync(new DescriptionMessage(DescriptionKind.Offer, sdp), _patience);

        using var heard = JsonDocument.Parse(await peer.LineAsync(_patience));
        Assert.Equal("offer", heard.RootElement.GetProperty("heard").GetString());
        Assert.Equal(sdp, heard.RootElement.GetProperty("sdp").GetString());
        var answer = Assert.IsType<DescriptionMessage>(await server.ReceiveAsync(_patience));
        Assert.Equal(DescriptionKind.Answer, answer.Kind);
        Assert.Contains("m=application", answer.Sdp);

        await server.DisposeAsync();
        Assert.Contains("bye", await peer.LineAsync(_patience));
        Assert.Equal(0, await peer.ExitAsync(_patience));
    }

    [Fact]
    public async Task An_aiortc_offerer_takes_our_answer_and_candidates()
    {
        int port = UnusedPort.Find();
        // We start first and wait, which aiortc itself cannot do.
        var connecting = TcpSignalingConnector.ConnectAsync("127.0.0.1", port, s_patience, cancel: _patience);
        await using var peer = PythonPeer.Start("signaling_peer.py", "offer", "127.0.0.1", $"{port}");
        await using var client = await connecting;
        var offer = Assert.IsType<DescriptionMessage>(await client.ReceiveAsync(_patience));
        Assert.Equal(DescriptionKind.Offer, offer.Kind);
        Assert.Contains("H264/90000", offer.Sdp);

        await client.SendAsync(s_answer, _patience);
        Assert.Contains("\"answer\"", await peer.LineAsync(_patience));
        await client.SendAsync(
            new CandidateMessage("candidate:1 1 udp 2130706431 192.168.1.2 50000 typ host", "0", 0), _patience);
        using var heard = JsonDocument.Parse(await peer.LineAsync(_patience));
        Assert.Equal("192.168.1.2", heard.RootElement.GetProperty("ip").GetString());
        Assert.Equal(50000, heard.RootElement.GetProperty("port").GetInt32());
        Assert.Equal("0", heard.RootElement.GetProperty("mid").GetString());

        Assert.Same(ByeMessage.Instance, await client.ReceiveAsync(_patience));
        Assert.Equal(0, await peer.ExitAsync(_patience));
    }

    Task<TcpSignaling> ConnectAsync(TcpSignalingListener listener) => TcpSignalingConnector.ConnectAsync(
        "127.0.0.1", listener.EndPoint.Port, s_patience, cancel: _patience);

    async Task<Socket> RawAsync(TcpSignalingListener listener)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(listener.EndPoint, _patience);
        return socket;
    }
}
