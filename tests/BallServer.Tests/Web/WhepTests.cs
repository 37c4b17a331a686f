using System.Net;
using Ball.Link.Messages;
using Ball.Link.Peers;
using Ball.Link.Signaling;
using Ball.World;
using BallServer.Streaming;
using Microsoft.Extensions.Logging.Abstractions;

namespace BallServer.Tests.Web;

public class WhepTests
{
    private const string Sdp = "application/sdp";

    [Fact]
    public async Task A_player_offers_watches_and_ends()
    {
        await using var server = await RunningServer.StartAsync();
        await using var signaling = new HttpSignaling(server);
        await using var session = new ReceivingSession(
            signaling, new PeerOptions { Role = PeerRole.Offer }, MessageTemplate.Json, TimeProvider.System, NullLogger.Instance);
        var frame = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        session.FrameReceived += _ => frame.TrySetResult();
        using var stop = new CancellationTokenSource();
        var running = session.RunAsync(stop.Token);

        await frame.Task.WaitAsync(RunningServer.Patience);
        Assert.StartsWith("/whep/", signaling.Location);
        Assert.StartsWith("player ", server.Peers.Report()[0].Name);

        Assert.Matches("^\"[0-9a-f]+\"$", signaling.Tag);
        Assert.Equal(HttpStatusCode.NoContent, await PatchAsync(server, signaling.Location!, null));
        Assert.Equal(HttpStatusCode.NoContent, await PatchAsync(server, signaling.Location!, signaling.Tag));
        Assert.Equal(HttpStatusCode.PreconditionFailed, await PatchAsync(server, signaling.Location!, "\"of-another-session\""));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, await PatchAsync(server, signaling.Location!, "*"));
        using var read = await server.SendAsync(HttpMethod.Get, signaling.Location!);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, read.StatusCode);
        using var deleted = await server.SendAsync(HttpMethod.Delete, signaling.Location!);
        Assert.Equal(HttpStatusCode.OK, deleted.StatusCode);
        await SessionTests.EventuallyAsync(() => server.Peers.Report().Count == 0);
        using var again = await server.SendAsync(HttpMethod.Delete, signaling.Location!);
        Assert.Equal(HttpStatusCode.NotFound, again.StatusCode);
        await stop.CancelAsync();
        await running;
    }

    [Fact]
    public async Task Where_pictures_are_too_large_for_video_a_player_is_told_so_and_the_stream_goes_on()
    {
        await using var server = await RunningServer.StartAsync(
            settings: new StreamSettings { World = new WorldOptions { Width = 5000, Height = 3000 } });
        using var refused = await server.SendAsync(HttpMethod.Post, "/whep", "v=0", Sdp);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.Contains("H.264", await refused.Content.ReadAsStringAsync());
        var painted = server.Stream.Counts.Rendered;
        await SessionTests.EventuallyAsync(() => server.Stream.Counts.Rendered > painted);
        Assert.False(server.Stream.Completion.IsCompleted);
    }

    [Fact]
    public async Task A_world_of_odd_sides_can_be_watched()
    {
        await using var server = await RunningServer.StartAsync(
            settings: new StreamSettings { World = new WorldOptions { Width = 321, Height = 241 } });
        await using var signaling = new HttpSignaling(server);
        await using var session = new ReceivingSession(
            signaling, new PeerOptions { Role = PeerRole.Offer }, MessageTemplate.Json, TimeProvider.System, NullLogger.Instance);
        var frame = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        session.FrameReceived += _ => frame.TrySetResult();
        using var stop = new CancellationTokenSource();
        var running = session.RunAsync(stop.Token);
        await frame.Task.WaitAsync(RunningServer.Patience);
        await stop.CancelAsync();
        await running;
    }

    [Fact]
    public async Task All_players_share_the_media_port_and_hear_where_it_is_from_outside()
    {
        var port = UnusedPort.Find();
        await using var server = await RunningServer.StartAsync(options => options with
        {
            MediaPort = port,
            Advertise = new IPEndPoint(IPAddress.Parse("192.0.2.9"), 30478),
        });
        await using var first = new Player(server);
        await using var second = new Player(server);

        foreach (var answer in new[] { await first.AnswerAsync(), await second.AnswerAsync() })
        {
            Assert.Contains(" 192.0.2.9 30478 typ host", answer);
            Assert.Contains($" {port} typ host", answer);
        }
    }

    private static async Task<HttpStatusCode> PatchAsync(RunningServer server, string location, string? tag)
    {
        const string Fragment = "a=mid:0\r\na=candidate:1 1 udp 1 192.0.2.99 9 typ host\r\n";
        using var response = await server.SendAsync(
            HttpMethod.Patch, location, Fragment, "application/trickle-ice-sdpfrag", tag is null ? [] : [("If-Match", tag)]);
        return response.StatusCode;
    }

    [Theory]
    [InlineData("hello", Sdp, HttpStatusCode.BadRequest)]
    [InlineData("", Sdp, HttpStatusCode.BadRequest)]
    [InlineData("v=0\r\nm=audio 9 RTP/AVP 0\r\n", Sdp, HttpStatusCode.BadRequest)]
    [InlineData("v=0\r\nm=video 9 UDP/TLS/RTP/SAVPF 96\r\n", Sdp, HttpStatusCode.BadRequest)]
    [InlineData("{}", "application/json", HttpStatusCode.UnsupportedMediaType)]
    public async Task What_is_no_offer_is_refused_and_leaves_nothing(string body, string type, HttpStatusCode expected)
    {
        await using var server = await RunningServer.StartAsync();
        using var response = await server.SendAsync(HttpMethod.Post, "/whep", body, type);
        Assert.Equal(expected, response.StatusCode);
        await SessionTests.EventuallyAsync(() => server.Peers.Report().Count == 0, RunningServer.BeforeItGivesUp);
    }

    [Fact]
    public async Task An_offer_without_end_is_refused()
    {
        await using var server = await RunningServer.StartAsync();
        using var response = await server.SendAsync(HttpMethod.Post, "/whep", new string('x', 100_000), Sdp);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
    }

    [Fact]
    public async Task Players_of_other_pages_need_to_be_on_the_list()
    {
        await using var server = await RunningServer.StartAsync(options => options with { Origins = "https://player.example" });
        using var refused = await server.SendAsync(HttpMethod.Post, "/whep", "v=0", Sdp, ("Origin", "https://evil.example"));
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        Assert.False(refused.Headers.Contains("Access-Control-Allow-Origin"));

        using var asked = await server.SendAsync(HttpMethod.Options, "/whep", null, Sdp, ("Origin", "https://player.example"));
        Assert.Equal(HttpStatusCode.NoContent, asked.StatusCode);
        Assert.Equal("https://player.example", Assert.Single(asked.Headers.GetValues("Access-Control-Allow-Origin")));
        Assert.Equal(Sdp, Assert.Single(asked.Headers.GetValues("Accept-Post")));
    }

    /// <summary>Watches until it is disposed of.</summary>
    private sealed class Player : IAsyncDisposable
    {
        private readonly HttpSignaling _signaling;
        private readonly ReceivingSession _session;
        private readonly TaskCompletionSource _frame = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly Task _running;

        public Player(RunningServer server)
        {
            _signaling = new HttpSignaling(server);
            _session = new ReceivingSession(
                _signaling, new PeerOptions { Role = PeerRole.Offer }, MessageTemplate.Json, TimeProvider.System,
                NullLogger.Instance);
            _session.FrameReceived += _ => _frame.TrySetResult();
            _running = _session.RunAsync(CancellationToken.None);
        }

        /// <summary>The server's answer, once there is a picture.</summary>
        public async Task<string> AnswerAsync()
        {
            await _frame.Task.WaitAsync(RunningServer.Patience);
            return await _signaling.Answer;
        }

        public async ValueTask DisposeAsync()
        {
            await _session.DisposeAsync();
            await _running;
        }
    }

    /// <summary>A player's signalling: the offer goes out as a POST, its answer is the answer.</summary>
    private sealed class HttpSignaling(RunningServer server) : ISignaling
    {
        private readonly TaskCompletionSource<string> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _taken;

        public Task<string> Answer => _answer.Task;

        public string? Location { get; private set; }

        public string? Tag { get; private set; }

        public async Task SendAsync(SignalingMessage message, CancellationToken cancel = default)
        {
            if (message is not DescriptionMessage offer)
                return;
            using var response = await server.SendAsync(HttpMethod.Post, "/whep", offer.Sdp, Sdp);
            Assert.Equal(HttpStatusCode.Created, response.StatusCode);
            Assert.Equal(Sdp, response.Content.Headers.ContentType?.MediaType);
            Location = response.Headers.Location?.ToString();
            Tag = response.Headers.ETag?.ToString();
            _answer.SetResult(await response.Content.ReadAsStringAsync(cancel));
        }

        public async ValueTask<SignalingMessage?> ReceiveAsync(CancellationToken cancel = default)
        {
            if (Interlocked.Exchange(ref _taken, 1) == 0)
                return new DescriptionMessage(DescriptionKind.Answer, await _answer.Task.WaitAsync(cancel));
            await Task.Delay(Timeout.Infinite, cancel);
            return null;
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
