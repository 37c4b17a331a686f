using System.Diagnostics;
using System.Text.Json.Nodes;
using SIPSorcery.Net;
using SIPSorceryMedia.Abstractions;

namespace WebRtcBench;

/// <summary>The other process: answers offers, echoes short messages, counts long ones and frames.</summary>
internal static class Receiver
{
    public static async Task RunAsync()
    {
        var peers = new List<RTCPeerConnection>();
        var delays = new List<double>();
        long frames = 0, frameBytes = 0, bytes = 0, expected = long.MaxValue;
        while (await Console.In.ReadLineAsync() is { } line)
        {
            var order = JsonNode.Parse(line)!;
            if ((string?)order["offer"] is { } sdp)
            {
                var peer = new RTCPeerConnection();
                peer.addTrack(new MediaStreamTrack(Program.H264, MediaStreamStatusEnum.RecvOnly));
                peer.OnVideoFrameReceived += (_, timestamp, frame, _) =>
                {
                    Interlocked.Increment(ref frames);
                    Interlocked.Add(ref frameBytes, SizeOf(frame));
                    if (TimeStamp.TryRead(frame, out var sent))
                    {
                        lock (delays)
                        {
                            delays.Add(Stopwatch.GetElapsedTime(sent).TotalMilliseconds);
                        }
                    }
                };
                peer.ondatachannel += channel => channel.onmessage += (_, _, data) =>
                {
                    if (data.Length <= 64)
                    {
                        channel.send(data);
                    }
                    else if (Interlocked.Add(ref bytes, data.Length) >= Volatile.Read(ref expected))
                    {
                        Interlocked.Exchange(ref bytes, 0);
                        channel.send("done");
                    }
                };
                peer.setRemoteDescription(new RTCSessionDescriptionInit { type = RTCSdpType.offer, sdp = sdp });
                var answer = peer.createAnswer();
                await peer.setLocalDescription(answer);
                peers.Add(peer);
                Reply(new JsonObject { ["answer"] = answer.sdp });
            }
            else if (order["expect"] is { } count)
            {
                Volatile.Write(ref expected, (long)count);
                Reply([]);
            }
            else if (order["usage"] is not null)
            {
                var usage = Usage.Now(Volatile.Read(ref frames), Volatile.Read(ref frameBytes));
                Reply(new JsonObject
                {
                    ["cpu"] = usage.CpuSeconds,
                    ["allocated"] = usage.AllocatedBytes,
                    ["frames"] = usage.Frames,
                    ["frameBytes"] = usage.FrameBytes,
                });
            }
            else if (order["delays"] is not null)
            {
                lock (delays)
                {
                    var sorted = delays.Order().ToArray();
                    delays.Clear();
                    Reply(new JsonObject
                    {
                        ["p50"] = sorted.ElementAtOrDefault(sorted.Length / 2),
                        ["p95"] = sorted.ElementAtOrDefault(sorted.Length * 95 / 100),
                    });
                }
            }
            else if (order["close"] is not null)
            {
                peers.ForEach(peer => peer.close());
                peers.Clear();
                Reply([]);
            }
        }
    }

    /// <summary>What an array takes on the heap: its type and length, and whole words.</summary>
    private static int SizeOf(byte[] array) => ((2 * IntPtr.Size) + sizeof(long) + array.Length + 7) & ~7;

    private static void Reply(JsonObject reply) => Console.Out.WriteLine(reply.ToJsonString());
}
