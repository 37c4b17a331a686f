using System.Diagnostics;
using System.Text.Json.Nodes;
using SIPSorcery.Net;
using SIPSorceryMedia.Abstractions;

namespace WebRtcBench;

/// <summary>
/// Measures the engine between two processes on one machine, and aiortc after it.
/// Usage: WebRtc [open|ping|bulk|video|latency|fanout|aiortc]… [--output page.md]
/// </summary>
internal static class Program
{
    public static readonly VideoFormat H264 = new(VideoCodecsEnum.H264, 96, 90000, "packetization-mode=1");

    private static async Task Main(string[] arguments)
    {
        if (arguments is ["receiver"])
        {
            await Receiver.RunAsync();
            return;
        }

        var at = Array.IndexOf(arguments, "--output");
        var output = at < 0 ? null : arguments[at + 1];
        var names = at < 0 ? arguments : arguments[..at];
        var report = new Report();
        using (var remote = new Remote())
        {
            foreach (var (name, measure) in new (string, Func<Remote, Report, Task>)[]
            {
                ("open", OpenAsync), ("ping", PingAsync), ("bulk", BulkAsync), ("video", VideoAsync),
                ("latency", LatencyAsync), ("fanout", FanOutAsync),
            })
            {
                if (names.Length == 0 || names.Contains(name))
                {
                    await measure(remote, report);
                    await remote.AskAsync(new JsonObject { ["close"] = true });
                }
            }
        }

        var aiortc = names.Length == 0 || names.Contains("aiortc") ? await Aiortc.MeasureAsync() : null;
        var table = report.ToMarkdown(aiortc);
        Console.WriteLine();
        Console.WriteLine(table);
        if (output is not null)
        {
            MarkdownFile.Replace(output, "webrtc", table);
        }
    }

    private static async Task<(RTCPeerConnection Peer, RTCDataChannel Channel)> ConnectAsync(Remote remote)
    {
        var peer = new RTCPeerConnection();
        peer.addTrack(new MediaStreamTrack(H264, MediaStreamStatusEnum.SendOnly));
        var channel = await peer.createDataChannel("bench");
        var opened = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        channel.onopen += () => opened.TrySetResult();
        var offer = peer.createOffer();
        await peer.setLocalDescription(offer);
        var reply = await remote.AskAsync(new JsonObject { ["offer"] = offer.sdp });
        peer.setRemoteDescription(new RTCSessionDescriptionInit { type = RTCSdpType.answer, sdp = (string)reply["answer"]! });
        await opened.Task.WaitAsync(TimeSpan.FromSeconds(20));
        return (peer, channel);
    }

    private static async Task OpenAsync(Remote remote, Report report)
    {
        var times = new List<double>();
        for (var run = 0; run < 30; run++)
        {
            var watch = Stopwatch.StartNew();
            var (peer, _) = await ConnectAsync(remote);
            times.Add(watch.Elapsed.TotalMilliseconds);
            peer.close();
            await remote.AskAsync(new JsonObject { ["close"] = true });
        }

        // The first few also compile the code.
        report.Add("new connection → channel open, p50", Middle(times.Skip(5)), "ms", "open");
    }

    private static async Task PingAsync(Remote remote, Report report)
    {
        var (peer, channel) = await ConnectAsync(remote);
        var answered = new SemaphoreSlim(0);
        channel.onmessage += (_, _, _) => answered.Release();
        var ping = new byte[64];
        var times = new List<double>();
        for (var run = 0; run < 5000; run++)
        {
            var start = Stopwatch.GetTimestamp();
            channel.send(ping);
            await answered.WaitAsync();
            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }

        report.Add("data channel round trip, 64 bytes, p50", Middle(times.Skip(500)), "ms", "ping");
        peer.close();
    }

    private static async Task BulkAsync(Remote remote, Report report)
    {
        foreach (var size in new[] { 1200, 16 * 1024, 64 * 1024, 256 * 1024 })
        {
            var (peer, channel) = await ConnectAsync(remote);
            var done = new SemaphoreSlim(0);
            channel.onmessage += (_, _, _) => done.Release();
            var best = 0.0;
            for (var run = 0; run < 3; run++)
            {
                var total = (size < 4096 ? 16L : 128L) << 20;
                await remote.AskAsync(new JsonObject { ["expect"] = total });
                var message = new byte[size];
                var watch = Stopwatch.StartNew();
                for (var sent = 0L; sent < total; sent += size)
                {
                    while (channel.bufferedAmount > 4 << 20)
                    {
                        await Task.Delay(1);
                    }

                    channel.send(message);
                }

                await done.WaitAsync(TimeSpan.FromSeconds(60));
                best = Math.Max(best, total / watch.Elapsed.TotalSeconds / 1e6);
            }

            report.Add($"data channel one way, messages of {size} bytes", best, "MB/s", $"bulk{size}", moreIsBetter: true);
            peer.close();
        }
    }

    private static async Task VideoAsync(Remote remote, Report report)
    {
        var (peer, _) = await ConnectAsync(remote);
        var frames = Enumerable.Range(0, 30).Select(number => MakeFrame(number == 0, 11_000)).ToArray();
        await SendAsync(peer, frames, 2000);
        await Task.Delay(300);

        const int Count = 20_000;
        var (remoteBefore, before) = (await remote.UsageAsync(), Usage.Now());
        var watch = Stopwatch.StartNew();
        var packets = await SendAsync(peer, frames, Count);
        var seconds = watch.Elapsed.TotalSeconds;
        await Task.Delay(300);
        var (used, remoteUsed) = (Usage.Now() - before, await remote.UsageAsync() - remoteBefore);
        report.Add("video sent, unpaced", packets / seconds / 1000, "k packets/s");
        report.Add("video packet sent, processor time", used.CpuSeconds * 1e6 / packets, "µs");
        report.Add("video packet sent, allocated", used.AllocatedBytes / (double)packets, "B");
        report.Add("video frames that arrived", 100.0 * remoteUsed.Frames / Count, "%");
        report.Add("video packet received, processor time", remoteUsed.CpuSeconds * 1e6 / packets, "µs");
        report.Add(
            "video packet received, allocated beside the frame",
            (remoteUsed.AllocatedBytes - remoteUsed.FrameBytes) / (double)packets,
            "B");
        peer.close();
    }

    private static async Task LatencyAsync(Remote remote, Report report)
    {
        var (peer, _) = await ConnectAsync(remote);
        var frames = Enumerable.Range(0, 30).Select(number => MakeFrame(number == 0, 6250)).ToArray();
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1.0 / 30));
        for (var number = 0; number < 240; number++)
        {
            await timer.WaitForNextTickAsync();
            if (number == 60)
            {
                await remote.AskAsync(new JsonObject { ["delays"] = true });
            }

            var frame = frames[number % frames.Length];
            TimeStamp.Write(frame);
            peer.SendVideo(3000, frame);
        }

        await Task.Delay(100);
        var delays = await remote.AskAsync(new JsonObject { ["delays"] = true });
        report.Add("SendVideo → OnVideoFrameReceived at 30 fps, p50", (double)delays["p50"]!, "ms");
        report.Add("SendVideo → OnVideoFrameReceived at 30 fps, p95", (double)delays["p95"]!, "ms");
        peer.close();
    }

    /// <summary>On a thread of its own, as the product paints and sends.</summary>
    private static Task<long> SendAsync(RTCPeerConnection peer, byte[][] frames, int count) => Task.Factory.StartNew(
        () =>
        {
            var packets = 0L;
            var sequence = peer.VideoLocalTrack!.SeqNum;
            for (var number = 0; number < count; number++)
            {
                peer.SendVideo(3000, frames[number % frames.Length]);
                packets += (ushort)(peer.VideoLocalTrack.SeqNum - sequence);
                sequence = peer.VideoLocalTrack.SeqNum;
                if (number % 16 == 15)
                {
                    // Unpaced, but not faster than the receiver's socket can hold.
                    Thread.Sleep(1);
                }
            }

            return packets;
        },
        TaskCreationOptions.LongRunning);

    private static async Task FanOutAsync(Remote remote, Report report)
    {
        var frames = Enumerable.Range(0, 30).Select(number => MakeFrame(number == 0, 6250)).ToArray();
        foreach (var count in new[] { 1, 8, 32, 64 })
        {
            var peers = new List<RTCPeerConnection>();
            for (var number = 0; number < count; number++)
            {
                peers.Add((await ConnectAsync(remote)).Peer);
            }

            await StreamAsync(peers, frames, 30);
            var (before, remoteBefore) = (Usage.Now(), await remote.UsageAsync());
            var watch = Stopwatch.StartNew();
            await StreamAsync(peers, frames, 150);
            var used = Usage.Now() - before;
            var remoteUsed = await remote.UsageAsync() - remoteBefore;
            report.Add($"30 fps to {count} peers, sender", used.CpuSeconds / watch.Elapsed.TotalSeconds, "CPU s/s");
            report.Add($"30 fps to {count} peers, frames that arrived", remoteUsed.Frames / (1.5 * count), "%");
            peers.ForEach(peer => peer.close());
            await remote.AskAsync(new JsonObject { ["close"] = true });
        }
    }

    private static async Task StreamAsync(List<RTCPeerConnection> peers, byte[][] frames, int count)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1.0 / 30));
        for (var number = 0; number < count; number++)
        {
            await timer.WaitForNextTickAsync();
            foreach (var peer in peers)
            {
                peer.SendVideo(3000, frames[number % frames.Length]);
            }
        }
    }

    /// <summary>A frame that looks like H.264 from outside: parameter sets and one slice.</summary>
    private static byte[] MakeFrame(bool isKey, int size)
    {
        var random = new Random(size);
        byte[] head = isKey
            ? [0, 0, 0, 1, 0x67, 0x42, 0xE0, 0x1F, 0x11, 0, 0, 0, 1, 0x68, 0xCE, 0x11, 0, 0, 0, 1, 0x65, 0x88]
            : [0, 0, 0, 1, 0x41, 0x9A];
        var frame = new byte[size];
        for (var at = 0; at < size; at++)
        {
            frame[at] = (byte)random.Next(1, 256);
        }

        head.CopyTo(frame, 0);
        return frame;
    }

    private static double Middle(IEnumerable<double> times)
    {
        var sorted = times.Order().ToArray();
        return sorted[sorted.Length / 2];
    }
}
