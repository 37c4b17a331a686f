using System.Collections.Concurrent;
using System.Net;
using Ball.Link.Messages;
using Ball.Link.Peers;
using Ball.Link.RawFrames;
using Ball.Link.Signaling;
using Ball.Pictures;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ball.Link.Tests.Peers;

/// <summary>Both ends, over real TCP and UDP on loopback.</summary>
public class SessionTests
{
    static readonly TimeSpan s_patience = TimeSpan.FromSeconds(90);

    readonly CancellationToken _patience = new CancellationTokenSource(s_patience).Token;

    [Theory]
    [InlineData(PeerRole.Offer)]
    [InlineData(PeerRole.Answer)]
    public async Task Frames_go_out_and_their_coordinates_come_back(PeerRole serverRole)
    {
        await using var pair = await Pair.StartAsync(serverRole, FrameCarrier.Video, MessageTemplate.Json, _patience);
        var sent = new ConcurrentDictionary<uint, long>();
        var scored = new ConcurrentDictionary<long, Coordinates>();
        pair.Server.Sending += (frame, rtp) => Assert.True(sent.TryAdd(rtp, frame.Number));
        pair.Server.CoordinatesReceived += (coordinates, _) => scored.TryAdd(sent[coordinates.Rtp], coordinates);
        pair.Client.FrameReceived += frame => pair.Client.Report(new Coordinates(Number(frame.AccessUnit), 7)
        {
            Rtp = frame.Rtp, Times = new StageTimes(frame.ReceivedAt, 0, 0, 0, 0),
        });
        pair.Run();
        await pair.Server.Connected.WaitAsync(_patience);
        Assert.NotEqual(Guid.Empty, pair.Server.Identity);
        Assert.Equal(pair.Server.Identity, pair.Client.Identity);

        long number = 0;
        while (scored.Count < 30)
        {
            pair.Server.TrySend(Frame(number, isKey: number % 30 == 0));
            number++;
            await Task.Delay(10, _patience);
        }
        foreach (var (frame, coordinates) in scored)
        {
            Assert.Equal(frame, (long)coordinates.X);
            Assert.Equal(FrameIdentity.Rtp, coordinates.Identity);
            Assert.True(coordinates.Times.Sent >= coordinates.Times.Received);
        }
        await Until(() => pair.Server.Clock is { IsKnown: true } && pair.Client.Clock is { IsKnown: true });
        // It is one clock, so the offset has to be nothing, within the uncertainty.
        foreach (var clock in new[] { pair.Server.Clock, pair.Client.Clock })
            Assert.InRange(clock.Offset, -clock.Uncertainty, clock.Uncertainty);
        Assert.Equal(0, pair.Server.UnknownMessages);
        Assert.Equal(0, pair.Client.UnknownMessages);

        pair.StopServer();
        Assert.Equal(SessionEndReason.Cancelled, (await pair.ServerEnd).Reason);
        var end = await pair.ClientEnd;
        Assert.Equal(SessionEndReason.PeerLeft, end.Reason);
        Assert.True(end.WasConnected);
    }

    [Theory]
    [InlineData(PeerRole.Offer)]
    [InlineData(PeerRole.Answer)]
    public async Task Raw_frames_go_over_a_data_channel(PeerRole serverRole)
    {
        await using var pair = await Pair.StartAsync(serverRole, FrameCarrier.DataChannel, MessageTemplate.Json, _patience);
        var scored = new ConcurrentDictionary<uint, Coordinates>();
        pair.Server.CoordinatesReceived += (coordinates, _) => scored.TryAdd(coordinates.Rtp, coordinates);
        pair.Client.RawFrameReceived += (frame, receivedAt) => pair.Client.Report(
            new Coordinates(frame.Picture.Bytes[5], frame.Picture.Width) { Rtp = frame.Header.Rtp });
        pair.Run();
        var picture = new Picture(640, 480, PixelFormat.Gray8);
        var messages = new RawFrameMessages();
        for (uint number = 1; scored.Count < 20; number++)
        {
            picture.Bytes[5] = (byte)number;
            messages.Cut(number, number * 3000, 0, picture.View);
            pair.Server.TrySend(messages);
            await Task.Delay(10, _patience);
        }
        foreach (var (rtp, coordinates) in scored)
            Assert.Equal(((byte)(rtp / 3000), 640), (coordinates.X, coordinates.Y));
        pair.StopClient();
        Assert.Equal(SessionEndReason.Cancelled, (await pair.ClientEnd).Reason);
        Assert.Equal(SessionEndReason.PeerLeft, (await pair.ServerEnd).Reason);
    }

    [Fact]
    public async Task A_plain_client_hears_and_says_nothing_but_coordinates()
    {
        await using var pair = await Pair.StartAsync(PeerRole.Offer, FrameCarrier.Video, MessageTemplate.Plain, _patience);
        var heard = new ConcurrentQueue<Coordinates>();
        pair.Server.CoordinatesReceived += (coordinates, _) => heard.Enqueue(coordinates);
        pair.Run();
        await pair.Server.Connected.WaitAsync(_patience);
        await Until(() => pair.Client.Report(new Coordinates(12.4, 33.6) { Rtp = 5 }));
        await Until(() => !heard.IsEmpty);
        await Task.Delay(300, _patience);
        var coordinates = Assert.Single(heard);
        Assert.Equal((12, 34, FrameIdentity.None), (coordinates.X, coordinates.Y, coordinates.Identity));
        Assert.False(pair.Server.Clock.IsKnown);
        Assert.False(pair.Client.Clock.IsKnown);
    }

    [Fact]
    public async Task A_peer_starts_with_a_keyframe_and_gets_one_when_it_asks()
    {
        await using var pair = await Pair.StartAsync(PeerRole.Offer, FrameCarrier.Video, MessageTemplate.Json, _patience);
        int wanted = 0;
        var received = new ConcurrentQueue<long>();
        pair.Server.KeyframeNeeded += () => Interlocked.Increment(ref wanted);
        pair.Client.FrameReceived += frame => received.Enqueue(Number(frame.AccessUnit));
        Assert.Equal(SendOutcome.NotReady, pair.Server.TrySend(Frame(0, isKey: true)));
        pair.Run();
        await Task.WhenAll(pair.Server.Connected, pair.Client.Connected).WaitAsync(_patience);
        // Being connected is known a moment before a keyframe is asked for.
        await Until(() => Volatile.Read(ref wanted) == 1);
        Assert.Equal(SendOutcome.WaitsForKeyframe, pair.Server.TrySend(Frame(1, isKey: false)));
        Assert.Equal(SendOutcome.Sent, pair.Server.TrySend(Frame(2, isKey: true)));
        Assert.Equal(SendOutcome.Sent, pair.Server.TrySend(Frame(3, isKey: false)));
        Assert.Equal(1, pair.Server.Skipped);
        await Until(() => received.Count == 2);
        Assert.Equal([2, 3], received);

        int before = Volatile.Read(ref wanted);
        await Until(() =>
        {
            pair.Client.RequestKeyframe();
            return Volatile.Read(ref wanted) > before;
        });
    }

    [Fact]
    public async Task One_encoded_frame_serves_many_peers()
    {
        var pairs = new List<Pair>();
        for (int i = 0; i < 4; i++)
            pairs.Add(await Pair.StartAsync(PeerRole.Offer, FrameCarrier.Video, MessageTemplate.Json, _patience));
        var received = new ConcurrentQueue<long>[4];
        for (int i = 0; i < 4; i++)
        {
            var mine = received[i] = new();
            pairs[i].Client.FrameReceived += frame => mine.Enqueue(Number(frame.AccessUnit));
            pairs[i].Run();
            await pairs[i].Client.Connected.WaitAsync(_patience);
            await pairs[i].Server.Connected.WaitAsync(_patience);
        }
        for (int n = 0; n < 10; n++)
        {
            var frame = Frame(n, isKey: n == 0);
            foreach (var pair in pairs)
                Assert.Equal(SendOutcome.Sent, pair.Server.TrySend(frame));
        }
        foreach (var queue in received)
        {
            await Until(() => queue.Count == 10);
            Assert.Equal(Enumerable.Range(0, 10).Select(n => (long)n), queue);
        }
        foreach (var pair in pairs)
            await pair.DisposeAsync();
    }

    [Fact]
    public async Task Two_offerers_are_told_what_to_do()
    {
        await using var listener = TcpSignalingListener.Start(port: 0);
        var connecting = TcpSignalingConnector.ConnectAsync("127.0.0.1", listener.EndPoint.Port, s_patience, cancel: _patience);
        await using var server = new SendingSession(
            await listener.AcceptAsync(_patience), Options(PeerRole.Offer), TimeProvider.System, NullLogger.Instance);
        await using var client = new ReceivingSession(
            await connecting, Options(PeerRole.Offer), MessageTemplate.Json, TimeProvider.System, NullLogger.Instance);
        var ends = await Task.WhenAll(server.RunAsync(_patience), client.RunAsync(_patience));
        Assert.Contains(ends, end =>
            end.Reason == SessionEndReason.Refused && end.Detail.Contains("answer", StringComparison.Ordinal));
        Assert.All(ends, end => Assert.False(end.WasConnected));
    }

    [Theory]
    [InlineData("v=0\r\ns=-\r\n")]
    [InlineData("garbage")]
    public async Task An_offer_that_offers_nothing_is_refused(string sdp)
    {
        await using var listener = TcpSignalingListener.Start(port: 0);
        var connecting = TcpSignalingConnector.ConnectAsync("127.0.0.1", listener.EndPoint.Port, s_patience, cancel: _patience);
        await using var peer = await listener.AcceptAsync(_patience);
        await using var client = new ReceivingSession(
            await connecting, Options(PeerRole.Answer), MessageTemplate.Json, TimeProvider.System, NullLogger.Instance);
        var running = client.RunAsync(_patience);
        await peer.SendAsync(new DescriptionMessage(DescriptionKind.Offer, sdp), _patience);
        Assert.Equal(SessionEndReason.Refused, (await running).Reason);
    }

    [Fact]
    public async Task A_peer_that_never_answers_is_given_up()
    {
        await using var listener = TcpSignalingListener.Start(port: 0);
        await using var silent = await TcpSignalingConnector.ConnectAsync(
            "127.0.0.1", listener.EndPoint.Port, s_patience, cancel: _patience);
        var options = Options(PeerRole.Offer) with { ConnectTime = TimeSpan.FromMilliseconds(300) };
        await using var server = new SendingSession(
            await listener.AcceptAsync(_patience), options, TimeProvider.System, NullLogger.Instance);
        var end = await server.RunAsync(_patience);
        Assert.Equal(SessionEndReason.NeverConnected, end.Reason);
        Assert.DoesNotContain('\n', end.Detail);
    }

    [Fact]
    public async Task A_session_can_be_called_off_at_any_time()
    {
        foreach (int delay in new[] { 0, 1, 5, 20, 60, 150 })
        {
            await using var pair = await Pair.StartAsync(PeerRole.Offer, FrameCarrier.Video, MessageTemplate.Json, _patience);
            pair.Run();
            await Task.Delay(delay, _patience);
            pair.StopServer();
            Assert.Equal(SessionEndReason.Cancelled, (await pair.ServerEnd.WaitAsync(_patience)).Reason);
            Assert.Equal(SessionEndReason.PeerLeft, (await pair.ClientEnd.WaitAsync(_patience)).Reason);
        }
    }

    [Fact]
    public async Task A_handler_that_fails_ends_its_own_session_and_says_why()
    {
        await using var pair = await Pair.StartAsync(PeerRole.Offer, FrameCarrier.Video, MessageTemplate.Json, _patience);
        pair.Server.CoordinatesReceived += (_, _) => throw new InvalidOperationException("scorer is on fire");
        pair.Run();
        await Until(() => pair.Client.Report(new Coordinates(1, 2)));
        var end = await pair.ServerEnd.WaitAsync(_patience);
        Assert.Equal(SessionEndReason.Failed, end.Reason);
        Assert.Contains("on fire", end.Detail);
        Assert.Equal(SessionEndReason.PeerLeft, (await pair.ClientEnd.WaitAsync(_patience)).Reason);
    }

    async Task Until(Func<bool> condition)
    {
        while (!condition())
            await Task.Delay(10, _patience);
    }

    static PeerOptions Options(PeerRole role) =>
        new() { Role = role, BindAddress = IPAddress.Loopback, ConnectTime = s_patience };

    /// <summary>Parameter sets and a slice, as far as the transport cares; the number is in the slice.</summary>
    static EncodedFrame Frame(long number, bool isKey)
    {
        byte[] slice = new byte[4000];
        new Random((int)number).NextBytes(slice);
        for (int i = 0; i < slice.Length; i++)
            slice[i] |= 0x10;
        slice[0] = 0x88; // The first macroblock of the picture, so a receiver sees where it begins.
        for (int i = 0; i < 8; i++)
            slice[i + 1] = (byte)(0x40 | (number >> (i * 4) & 15));
        byte[] start = [0, 0, 0, 1];
        byte[] unit = isKey
            ? [.. start, 0x67, 0x42, 0xe0, 0x1f, 0x91, .. start, 0x68, 0xce, 0x38, 0x80, .. start, 0x65, .. slice]
            : [.. start, 0x41, .. slice];
        return new EncodedFrame(unit, isKey, number, (uint)(number * 3000), 3000);
    }

    static long Number(byte[] accessUnit)
    {
        var slice = accessUnit.AsSpan(accessUnit.Length - 4000);
        long number = 0;
        for (int i = 0; i < 8; i++)
            number |= (long)(slice[i + 1] & 15) << (i * 4);
        return number;
    }

    sealed class Pair : IAsyncDisposable
    {
        readonly CancellationTokenSource _serverStop;
        readonly CancellationTokenSource _clientStop;

        Pair(SendingSession server, ReceivingSession client, CancellationToken cancel)
        {
            Server = server;
            Client = client;
            _serverStop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            _clientStop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        }

        public SendingSession Server { get; }

        public ReceivingSession Client { get; }

        public Task<SessionEnd> ServerEnd { get; private set; } = Task.FromResult(new SessionEnd(default, "", false));

        public Task<SessionEnd> ClientEnd { get; private set; } = Task.FromResult(new SessionEnd(default, "", false));

        public static async Task<Pair> StartAsync(
            PeerRole serverRole, FrameCarrier frames, MessageTemplate template, CancellationToken cancel)
        {
            await using var listener = TcpSignalingListener.Start(port: 0);
            var connecting = TcpSignalingConnector.ConnectAsync("127.0.0.1", listener.EndPoint.Port, s_patience, cancel: cancel);
            ISignaling listening = await listener.AcceptAsync(cancel);
            ISignaling connected = await connecting;
            bool offers = serverRole == PeerRole.Offer;
            return new Pair(
                new SendingSession(offers ? listening : connected, Options(serverRole) with { Frames = frames },
                    TimeProvider.System, NullLogger.Instance),
                new ReceivingSession(offers ? connected : listening, Options(offers ? PeerRole.Answer : PeerRole.Offer),
                    template, TimeProvider.System, NullLogger.Instance),
                cancel);
        }

        public void Run()
        {
            ServerEnd = Server.RunAsync(_serverStop.Token);
            ClientEnd = Client.RunAsync(_clientStop.Token);
        }

        public void StopServer() => _serverStop.Cancel();

        public void StopClient() => _clientStop.Cancel();

        public async ValueTask DisposeAsync()
        {
            await Server.DisposeAsync();
            await Client.DisposeAsync();
            await Task.WhenAll(ServerEnd, ClientEnd);
            _serverStop.Dispose();
            _clientStop.Dispose();
        }
    }
}
