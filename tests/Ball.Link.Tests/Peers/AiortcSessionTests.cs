using System.Collections.Concurrent;
using System.Diagnostics;
using Ball.Link.Messages;
using Ball.Link.Peers;
using Ball.Link.RawFrames;
using Ball.Link.Signaling;
using Ball.Pictures;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ball.Link.Tests.Peers;

/// <summary>Our ends against aiortc's programs, with real H.264 both ways.</summary>
public class AiortcSessionTests
{
    static readonly TimeSpan s_patience = TimeSpan.FromSeconds(90);

    readonly CancellationToken _patience = new CancellationTokenSource(s_patience).Token;

    [Theory]
    [InlineData(PeerRole.Offer)]
    [InlineData(PeerRole.Answer)]
    public async Task An_aiortc_client_decodes_our_frames_and_names_them(PeerRole ours)
    {
        var video = Video();
        var (signaling, peer) = await StartAsync("client", ours, "pts");
        await using var program = peer;
        await using var server = new SendingSession(
            signaling, new PeerOptions { Role = ours }, TimeProvider.System, NullLogger.Instance);
        var sent = new ConcurrentDictionary<uint, long>();
        var named = new ConcurrentDictionary<uint, Coordinates>();
        uint? first = null;
        server.Sending += (frame, rtp) =>
        {
            first ??= rtp;
            sent[rtp] = frame.Number;
        };
        server.CoordinatesReceived += (coordinates, _) =>
        {
            Assert.Equal(FrameIdentity.Pts, coordinates.Identity);
            Assert.Equal(320, coordinates.Y);
            named[first!.Value + (uint)coordinates.Pts] = coordinates;
        };
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(_patience);
        var running = server.RunAsync(stop.Token);
        await Task.WhenAny(server.Connected, running);
        Assert.True(server.IsConnected, running.IsCompleted ? (await running).Detail : "not connected");
        for (int n = 0; named.Count < 120; n++)
        {
            server.TrySend(new EncodedFrame(
                video[n % video.Count], n % video.Count % 30 == 0, n, Ticks(n), Ticks(n + 1) - Ticks(n)));
            await Task.Delay(33, _patience);
            Assert.False(running.IsCompleted, running.IsCompleted ? (await running).Detail : "");
        }
        Assert.All(named.Keys, rtp => Assert.Contains(rtp, sent.Keys));
        Assert.False(server.Clock.IsKnown);
        // Its estimate is hardly more than the little that it gets, which says nothing; a loss may be true.
        Assert.InRange(server.TargetBitrate, 700_000, 1_500_000);
        await stop.CancelAsync();
        Assert.Equal(SessionEndReason.Cancelled, (await running).Reason);
        Assert.Equal(0, await program.ExitAsync(_patience));
    }

    [Theory]
    [InlineData(PeerRole.Offer, "json")]
    [InlineData(PeerRole.Answer, "coords {x:0},{y:0}")]
    public async Task An_aiortc_server_gets_the_coordinates_of_its_frames(PeerRole ours, string message)
    {
        var (signaling, peer) = await StartAsync("server", ours, "-");
        await using var program = peer;
        Assert.True(MessageTemplate.TryParse(message, out var template, out _));
        await using var client = new ReceivingSession(
            signaling, new PeerOptions { Role = ours }, template!, TimeProvider.System, NullLogger.Instance);
        int frames = 0;
        client.FrameReceived += frame =>
        {
            Interlocked.Increment(ref frames);
            client.Report(new Coordinates(frames, frame.AccessUnit.Length) { Rtp = frame.Rtp });
        };
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(_patience);
        var running = client.RunAsync(stop.Token);
        int heard = 0;
        while (heard < 20)
        {
            string line = await program.LineAsync(_patience);
            if (line.Contains("\"message\"", StringComparison.Ordinal) && (line.Contains("coords", StringComparison.Ordinal)
                || line.Contains("rtp", StringComparison.Ordinal)))
                heard++;
            // Only who writes JSON says hello.
            Assert.False(!template!.IsJson && line.Contains("hello", StringComparison.Ordinal), line);
        }
        Assert.InRange(frames, 20, int.MaxValue);
        await stop.CancelAsync();
        Assert.True((await running).WasConnected);
        await program.ExitAsync(_patience);
    }

    [Fact]
    public async Task An_aiortc_client_reads_raw_frames_with_one_line_of_numpy()
    {
        var (signaling, peer) = await StartAsync("client", PeerRole.Offer, "-");
        await using var program = peer;
        await using var server = new SendingSession(signaling,
            new PeerOptions { Role = PeerRole.Offer, Frames = FrameCarrier.DataChannel },
            TimeProvider.System, NullLogger.Instance);
        var heard = new ConcurrentQueue<Coordinates>();
        server.CoordinatesReceived += (coordinates, _) => heard.Enqueue(coordinates);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(_patience);
        var running = server.RunAsync(stop.Token);
        var picture = new Picture(160, 120, PixelFormat.Gray8);
        var messages = new RawFrameMessages();
        for (int n = 1; heard.Count < 10; n++)
        {
            picture.Bytes[5] = (byte)n;
            messages.Cut(n, (uint)n * 3000, 0, picture.View);
            server.TrySend(messages);
            await Task.Delay(20, _patience);
            Assert.False(running.IsCompleted, running.IsCompleted ? (await running).Detail : "");
        }
        Assert.All(heard, coordinates => Assert.Equal(160, coordinates.Y));
        Assert.True(heard.Select(coordinates => coordinates.X).Distinct().Count() > 5);
        await stop.CancelAsync();
        await running;
    }

    [Fact]
    public async Task A_killed_peer_is_noticed_soon()
    {
        var (signaling, peer) = await StartAsync("server", PeerRole.Answer, "-");
        await using var client = new ReceivingSession(
            signaling, new PeerOptions { Role = PeerRole.Answer }, MessageTemplate.Plain,
            TimeProvider.System, NullLogger.Instance);
        var flowing = new TaskCompletionSource();
        client.FrameReceived += frame => flowing.TrySetResult();
        var running = client.RunAsync(_patience);
        await flowing.Task.WaitAsync(_patience);
        await peer.DisposeAsync();
        var end = await running;
        Assert.Equal(SessionEndReason.Lost, end.Reason);
        // ICE would have found out too, many seconds later.
        Assert.Contains("fell silent", end.Detail);
    }

    /// <summary>About 30 frames a second, but so unevenly that all are wrong if one is taken for another.</summary>
    static uint Ticks(int n) => (uint)(n * 3000 + n * n % 997);

    async Task<(ISignaling Signaling, PythonPeer Peer)> StartAsync(string kind, PeerRole ours, string style)
    {
        if (ours == PeerRole.Offer)
        {
            await using var listener = TcpSignalingListener.Start(port: 0);
            var answerer = PythonPeer.Start("loop_peer.py", kind, "answer", "127.0.0.1", $"{listener.EndPoint.Port}", style);
            return (await listener.AcceptAsync(_patience), answerer);
        }
        int port = UnusedPort.Find();
        var offerer = PythonPeer.Start("loop_peer.py", kind, "offer", "127.0.0.1", $"{port}", style);
        return (await TcpSignalingConnector.ConnectAsync("127.0.0.1", port, s_patience, cancel: _patience), offerer);
    }

    /// <summary>Two seconds of a test picture, one access unit each, made by ffmpeg.</summary>
    static List<byte[]> Video()
    {
        var start = new ProcessStartInfo("ffmpeg") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (string argument in (
            "-v error -f lavfi -i testsrc=size=320x240:rate=30 -frames:v 60 -c:v libx264 -profile:v baseline "
            + "-pix_fmt yuv420p -g 30 -x264-params aud=1:repeat-headers=1:slices=1:bframes=0 -f h264 -").Split(' '))
            start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        using var all = new MemoryStream();
        process.StandardOutput.BaseStream.CopyTo(all);
        process.WaitForExit();
        var units = new List<byte[]>();
        byte[] bytes = all.ToArray();
        // An access unit delimiter, of type 9, starts each.
        byte[] delimiter = [0, 0, 0, 1, 9];
        for (int at = bytes.AsSpan().IndexOf(delimiter); at >= 0;)
        {
            int length = bytes.AsSpan(at + 5).IndexOf(delimiter);
            int end = length < 0 ? bytes.Length : at + 5 + length;
            units.Add(bytes[at..end]);
            at = length < 0 ? -1 : end;
        }
        Assert.Equal(60, units.Count);
        return units;
    }
}
