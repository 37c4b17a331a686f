using System.Net;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using Ball.Link.Messages;
using Ball.Link.Peers;
using Ball.Link.Signaling;
using BallServer.Web.Sessions;
using Microsoft.Extensions.Logging.Abstractions;

namespace BallServer.Tests.Web;

public class SessionTests
{
    [Fact]
    public async Task A_page_gets_video_and_each_of_its_coordinates_is_scored_at_once()
    {
        await using var server = await RunningServer.StartAsync();
        var (peer, session, frames) = await StartPeerAsync(server);
        await using var _ = session;
        using var stop = new CancellationTokenSource();
        var running = session.RunAsync(stop.Token);

        var frame = await frames.WaitAsync(RunningServer.Patience);
        await peer.SendAsync($$"""{"rtp":{{frame}},"x":100.5,"y":50.25,"confidence":1}""");
        var score = Next(peer, "score");

        Assert.Equal("matched", score.GetProperty("score").GetString());
        Assert.Equal(frame, score.GetProperty("rtp").GetUInt32());
        var (x, y) = (score.GetProperty("truth")[0].GetDouble(), score.GetProperty("truth")[1].GetDouble());
        Assert.Equal(Math.Sqrt(Math.Pow(x - 100.5, 2) + Math.Pow(y - 50.25, 2)), score.GetProperty("error").GetDouble(), 0.01);
        Assert.InRange(score.GetProperty("latency").GetDouble(), 0, 20_000);
        Assert.InRange(score.GetProperty("realtime").GetDouble(), 0, 1000);

        await peer.SendAsync($$"""{"rtp":{{frame}},"x":1,"y":1}""");
        Assert.Equal("duplicate", Next(peer, "score").GetProperty("score").GetString());
        await peer.SendAsync($$"""{"rtp":{{frame - 1}},"x":1,"y":1}""");
        Assert.Equal("unmatched", Next(peer, "score").GetProperty("score").GetString());
        await peer.SendAsync("12,34");
        Assert.Equal("plain", Next(peer, "score").GetProperty("score").GetString());

        var reported = (await server.StateAsync()).GetProperty("peers")[0];
        Assert.Equal("page 1", reported.GetProperty("name").GetString());
        Assert.Equal(2, reported.GetProperty("samples").GetInt64());
        Assert.Equal(1, reported.GetProperty("unmatched").GetInt64());
        await stop.CancelAsync();
        await running;
    }

    [Fact]
    public async Task A_page_counts_while_it_watches_and_afterwards()
    {
        await using var server = await RunningServer.StartAsync();
        var (_, session, frames) = await StartPeerAsync(server);
        await using var _ = session;
        using var stop = new CancellationTokenSource();
        var running = session.RunAsync(stop.Token);
        Assert.Equal(0, server.Peers.Count);
        await frames.WaitAsync(RunningServer.Patience);
        Assert.Equal(1, server.Peers.Count);
        await stop.CancelAsync();
        await running;
        await server.Sessions.StopAsync();
        Assert.Equal(1, server.Peers.Count);
    }

    [Fact]
    public async Task A_page_that_answers_for_its_clock_is_asked()
    {
        await using var server = await RunningServer.StartAsync();
        var (peer, session, frames) = await StartPeerAsync(server);
        await using var _ = session;
        using var stop = new CancellationTokenSource();
        var running = session.RunAsync(stop.Token);
        await peer.SendAsync(ClockMessages.Hello("page"));
        await frames.WaitAsync(RunningServer.Patience);
        var question = Next(peer, "id");
        Assert.Equal("ask", question.GetProperty("clock").GetString());
        await stop.CancelAsync();
        await running;
    }

    [Fact]
    public async Task Several_pages_have_sessions_of_their_own()
    {
        await using var server = await RunningServer.StartAsync();
        var peers = new[] { await StartPeerAsync(server), await StartPeerAsync(server), await StartPeerAsync(server) };
        using var stop = new CancellationTokenSource();
        var running = peers.Select(peer => peer.Session.RunAsync(stop.Token)).ToArray();
        var rtps = await Task.WhenAll(peers.Select(peer => peer.Frames)).WaitAsync(RunningServer.Patience);

        for (var i = 0; i < peers.Length; i++)
        {
            await peers[i].Peer.SendAsync($$"""{"rtp":{{rtps[i]}},"x":{{i}},"y":0}""");
            var score = Next(peers[i].Peer, "score");
            Assert.Equal("matched", score.GetProperty("score").GetString());
            Assert.Equal(rtps[i], score.GetProperty("rtp").GetUInt32());
        }
        Assert.Equal(3, server.Peers.Connected);
        await stop.CancelAsync();
        await Task.WhenAll(running);
    }

    [Fact]
    public async Task A_page_that_leaves_is_gone_at_once_even_without_a_word()
    {
        await using var server = await RunningServer.StartAsync();
        var (peer, session, frames) = await StartPeerAsync(server);
        await using var _ = session;
        var running = session.RunAsync(CancellationToken.None);
        await frames.WaitAsync(RunningServer.Patience);
        Assert.Single(server.Peers.Report());

        await peer.DisposeAsync();
        await EventuallyAsync(() => server.Peers.Report().Count == 0);
        await session.DisposeAsync();
        await running;
    }

    [Fact]
    public async Task A_server_that_stops_says_so()
    {
        await using var server = await RunningServer.StartAsync();
        using var socket = await server.ConnectAsync();
        var peer = new WebPeer(socket);
        await EventuallyAsync(() => server.Peers.Report().Count == 1);

        await server.Sessions.StopAsync().WaitAsync(RunningServer.Patience);

        using var patience = new CancellationTokenSource(RunningServer.Patience);
        Assert.Equal("""{"type":"bye"}""", (await peer.LineAsync(patience.Token))?.Trim());
        Assert.Null(await peer.LineAsync(patience.Token));
        Assert.Equal(WebSocketCloseStatus.EndpointUnavailable, socket.CloseStatus);
        Assert.Equal(LineClose.Stopping.Why, socket.CloseStatusDescription);
    }

    [Fact]
    public async Task Who_comes_when_there_is_no_room_is_told()
    {
        await using var server = await RunningServer.StartAsync();
        var sockets = new List<ClientWebSocket>();
        for (var i = 0; i < WebSessions.MostOfOne; i++)
            sockets.Add(await server.ConnectAsync());
        await EventuallyAsync(() => server.Peers.Report().Count == WebSessions.MostOfOne);

        using var late = await server.ConnectAsync();
        var peer = new WebPeer(late);
        await peer.HungUpAsync();
        Assert.Equal(LineClose.Full.Code, (int?)peer.CloseStatus);
        Assert.Equal(WebSessions.MostOfOne, server.Peers.Report().Count);
        sockets.ForEach(socket => socket.Dispose());
        await EventuallyAsync(() => server.Peers.Report().Count == 0, RunningServer.BeforeItGivesUp);
    }

    [Theory]
    [InlineData("https://evil.example")]
    [InlineData("null")]
    [InlineData("http://localhost")]
    [InlineData("http://localhost.evil.example:80")]
    public async Task Pages_of_others_get_no_session(string origin)
    {
        await using var server = await RunningServer.StartAsync();
        Assert.Equal(HttpStatusCode.Forbidden, await server.RefusalAsync(origin));
    }

    [Fact]
    public async Task Our_page_and_pages_of_the_list_get_one()
    {
        await using var server = await RunningServer.StartAsync(
            options => options with { Origins = "https://player.example, https://b.example" });
        using var ours = await server.ConnectAsync($"http://{server.Address.Authority}");
        using var listed = await server.ConnectAsync("https://player.example");
        Assert.Equal(WebSocketState.Open, listed.State);
    }

    [Fact]
    public async Task Garbage_harms_nobody_but_its_sender()
    {
        await using var server = await RunningServer.StartAsync();
        var random = new Random(1);
        for (var round = 0; round < 12; round++)
        {
            using var socket = await server.ConnectAsync();
            try
            {
                for (var i = 0; i < 60; i++)
                {
                    var bytes = new byte[random.Next(1, 400)];
                    for (var at = 0; at < bytes.Length; at++)
                        bytes[at] = (byte)random.Next(32, 127);
                    if (i % 3 == 0)
                    {
                        var type = i % 2 == 0 ? "candidate" : "offer";
                        bytes = Encoding.UTF8.GetBytes(
                            $$"""{"type":"{{type}}","candidate":"x{{i}}","sdp":"m=video","rtp":{{random.Next()}},"x":1e99}""");
                    }
                    await socket.SendAsync(bytes, WebSocketMessageType.Text, true, CancellationToken.None);
                }
            }
            catch (WebSocketException)
            {
                // It was shown the door: that is right too.
            }
        }
        var (_, session, frames) = await StartPeerAsync(server);
        await using var _ = session;
        using var stop = new CancellationTokenSource();
        var running = session.RunAsync(stop.Token);
        await frames.WaitAsync(RunningServer.Patience);
        await stop.CancelAsync();
        await running;
    }

    [Fact]
    public async Task Bytes_and_endless_messages_end_the_session()
    {
        await using var server = await RunningServer.StartAsync();
        using var bytes = await server.ConnectAsync();
        await bytes.SendAsync(new byte[10], WebSocketMessageType.Binary, true, CancellationToken.None);
        await EndsByTheRulesAsync(new WebPeer(bytes).HungUpAsync(), bytes);

        using var endless = await server.ConnectAsync();
        var end = new WebPeer(endless).HungUpAsync();
        var part = new byte[16 * 1024];
        await TalkAsync(() => endless.SendAsync(part, WebSocketMessageType.Text, false, CancellationToken.None), end);
        await EndsByTheRulesAsync(end, endless);
        await EventuallyAsync(() => server.Peers.Report().Count == 0);
    }

    [Fact]
    public async Task A_flood_of_messages_ends_the_session()
    {
        await using var server = await RunningServer.StartAsync();
        using var socket = await server.ConnectAsync();
        await EventuallyAsync(() => server.Peers.Report().Count == 1);
        var end = new WebPeer(socket).HungUpAsync();
        var text = "{}"u8.ToArray();
        await TalkAsync(() => socket.SendAsync(text, WebSocketMessageType.Text, true, CancellationToken.None), end);
        await EndsByTheRulesAsync(end, socket);
        await EventuallyAsync(() => server.Peers.Report().Count == 0);
    }

    /// <summary>Says something again and again until the server has hung up.</summary>
    private static async Task TalkAsync(Func<Task> say, Task end)
    {
        try
        {
            while (!end.IsCompleted)
            {
                await say().WaitAsync(RunningServer.Patience);
                // Sending seldom has to wait, and listening needs a turn as well.
                await Task.Yield();
            }
        }
        catch (Exception e) when (e is WebSocketException or IOException)
        {
            // The server hung up while we were still talking.
        }
    }

    private static async Task EndsByTheRulesAsync(Task end, ClientWebSocket socket)
    {
        await end;
        Assert.Equal((LineClose.Rules.Code, LineClose.Rules.Why), ((int?)socket.CloseStatus, socket.CloseStatusDescription));
    }

    internal static async Task EventuallyAsync(Func<bool> condition, TimeSpan? within = null)
    {
        using var patience = new CancellationTokenSource(within ?? RunningServer.Patience);
        while (!condition())
            await Task.Delay(10, patience.Token);
    }

    /// <summary>
    /// A page: video by WebRTC, words on its WebSocket. (A JSON session would say hello on its data channel as well.)
    /// </summary>
    private static async Task<(WebPeer Peer, ReceivingSession Session, Task<uint> Frames)> StartPeerAsync(RunningServer server)
    {
        var peer = new WebPeer(await server.ConnectAsync());
        var session = new ReceivingSession(
            peer, new PeerOptions { Role = PeerRole.Offer }, MessageTemplate.Plain, TimeProvider.System, NullLogger.Instance);
        var first = new TaskCompletionSource<uint>(TaskCreationOptions.RunContinuationsAsynchronously);
        session.FrameReceived += frame => first.TrySetResult(frame.Rtp);
        return (peer, session, first.Task);
    }

    private static JsonElement Next(WebPeer peer, string member)
    {
        using var patience = new CancellationTokenSource(RunningServer.Patience);
        while (peer.Texts.TryTake(out var text, -1, patience.Token))
        {
            using var document = JsonDocument.Parse(text);
            if (document.RootElement.TryGetProperty(member, out _))
                return document.RootElement.Clone();
        }
        throw new InvalidOperationException("there are no more messages");
    }
}
