using System.Net;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using Ball.Link.Messages;
using Ball.Link.Signaling;
using BallServer.Web.Sessions;

namespace BallServer.Tests.Web;

public class SessionTests
{
    [Fact]
    public async Task A_page_gets_video_and_each_of_its_coordinates_is_scored_at_once()
    {
        await using var server = await RunningServer.StartAsync();
        await using var page = await WatchingPage.OpenAsync(server);
        page.Watch();

        var frame = await page.FirstFrameAsync();
        await page.Words.SendAsync($$"""{"rtp":{{frame}},"x":100.5,"y":50.25,"confidence":1}""");
        var score = Next(page.Words, "score");

        Assert.Equal("matched", score.GetProperty("score").GetString());
        Assert.Equal(frame, score.GetProperty("rtp").GetUInt32());
        var (x, y) = (score.GetProperty("truth")[0].GetDouble(), score.GetProperty("truth")[1].GetDouble());
        Assert.Equal(Math.Sqrt(Math.Pow(x - 100.5, 2) + Math.Pow(y - 50.25, 2)), score.GetProperty("error").GetDouble(), 0.01);
        Assert.InRange(score.GetProperty("latency").GetDouble(), 0, 20_000);
        Assert.InRange(score.GetProperty("realtime").GetDouble(), 0, 1000);

        await page.Words.SendAsync($$"""{"rtp":{{frame}},"x":1,"y":1}""");
        Assert.Equal("duplicate", Next(page.Words, "score").GetProperty("score").GetString());
        await page.Words.SendAsync($$"""{"rtp":{{frame - 1}},"x":1,"y":1}""");
        Assert.Equal("unmatched", Next(page.Words, "score").GetProperty("score").GetString());
        await page.Words.SendAsync("12,34");
        Assert.Equal("plain", Next(page.Words, "score").GetProperty("score").GetString());

        var reported = (await server.StateAsync()).GetProperty("peers")[0];
        Assert.Equal("page 1", reported.GetProperty("name").GetString());
        Assert.Equal(2, reported.GetProperty("samples").GetInt64());
        Assert.Equal(1, reported.GetProperty("unmatched").GetInt64());
    }

    [Fact]
    public async Task A_page_counts_while_it_watches_and_afterwards()
    {
        await using var server = await RunningServer.StartAsync();
        await using var page = await WatchingPage.OpenAsync(server);
        Assert.Equal(0, server.Peers.Count);
        page.Watch();
        await page.FirstFrameAsync();
        Assert.Equal(1, server.Peers.Count);
        await page.DisposeAsync();
        await server.Sessions.StopAsync();
        Assert.Equal(1, server.Peers.Count);
    }

    [Fact]
    public async Task A_page_that_answers_for_its_clock_is_asked()
    {
        await using var server = await RunningServer.StartAsync();
        await using var page = await WatchingPage.OpenAsync(server);
        page.Watch();
        await page.Words.SendAsync(ClockMessages.Hello("page"));
        await page.FirstFrameAsync();
        var question = Next(page.Words, "id");
        Assert.Equal("ask", question.GetProperty("clock").GetString());
    }

    [Fact]
    public async Task Several_pages_have_sessions_of_their_own()
    {
        await using var server = await RunningServer.StartAsync();
        await using var one = await WatchingPage.OpenAsync(server);
        await using var two = await WatchingPage.OpenAsync(server);
        await using var three = await WatchingPage.OpenAsync(server);
        WatchingPage[] pages = [one, two, three];
        Array.ForEach(pages, page => page.Watch());
        var rtps = await Task.WhenAll(pages.Select(page => page.FirstFrameAsync()));

        for (var i = 0; i < pages.Length; i++)
        {
            await pages[i].Words.SendAsync($$"""{"rtp":{{rtps[i]}},"x":{{i}},"y":0}""");
            var score = Next(pages[i].Words, "score");
            Assert.Equal("matched", score.GetProperty("score").GetString());
            Assert.Equal(rtps[i], score.GetProperty("rtp").GetUInt32());
        }
        Assert.Equal(3, server.Peers.Connected);
    }

    [Fact]
    public async Task A_page_that_leaves_is_gone_at_once_even_without_a_word()
    {
        await using var server = await RunningServer.StartAsync();
        await using var page = await WatchingPage.OpenAsync(server);
        page.Watch();
        await page.FirstFrameAsync();
        Assert.Single(server.Peers.Report());

        await page.Words.DisposeAsync();
        await EventuallyAsync(() => server.Peers.Report().Count == 0);
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
        await using var page = await WatchingPage.OpenAsync(server);
        page.Watch();
        await page.FirstFrameAsync();
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
