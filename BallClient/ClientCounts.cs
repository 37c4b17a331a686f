using Ball.Measuring;
using BallAspire.ServiceDefaults;
using BallClient.Hosting;
using BallClient.Pictures;
using BallClient.Sessions;

namespace BallClient;

/// <summary>What the client has done so far, over all its sessions. Any thread.</summary>
internal sealed class ClientCounts
{
    private readonly LatencyHistogram _decode = new();
    private readonly LatencyHistogram _detect = new();
    private readonly LatencyHistogram _report = new();
    private long _received;
    private long _decoded;
    private long _detected;
    private long _reported;

    /// <summary>For people: what it is at.</summary>
    public string State { get; set; } = "starting";

    public long Received => Interlocked.Read(ref _received);

    public long Decoded => Interlocked.Read(ref _decoded);

    public long Detected => Interlocked.Read(ref _detected);

    public long Reported => Interlocked.Read(ref _reported);

    public void AddReceived() => Interlocked.Increment(ref _received);

    public void AddDecoded(long nanoseconds)
    {
        Interlocked.Increment(ref _decoded);
        _decode.Add(nanoseconds);
    }

    /// <summary>A raw frame is a picture as it comes: there is nothing to take time.</summary>
    public void AddRaw() => Interlocked.Increment(ref _decoded);

    public void AddDetected(long nanoseconds)
    {
        Interlocked.Increment(ref _detected);
        _detect.Add(nanoseconds);
    }

    public void AddReported(long nanoseconds)
    {
        Interlocked.Increment(ref _reported);
        _report.Add(nanoseconds);
    }

    public RunSummary Summarize(TimeSpan elapsed, ServerConnection server, PictureFlow flow, Handoff? handoff)
    {
        var stages = new Dictionary<string, Percentiles>();
        foreach (var (name, histogram) in new[] { ("decode", _decode), ("detect", _detect), ("report", _report) })
        {
            if (Percentiles.Of(histogram) is { } percentiles)
                stages[name] = percentiles;
        }
        // Read from the loop's end to its beginning: so no stage has more frames than the one before it.
        var (reported, detected, decoded, undecodable) = (Reported, Detected, Decoded, server.Sessions.Undecodable);
        return new RunSummary
        {
            Frames = new FrameCounts { Received = Received, Decoded = decoded, Detected = detected },
            Seconds = Math.Round(elapsed.TotalSeconds, 3),
            Fps = Math.Round(server.FramesPerSecond, 2),
            Peers = server.Sessions.Connected,
            Samples = reported,
            Dropped = new Dictionary<string, long>
            {
                ["receive"] = server.Sessions.Overtaken,
                ["decode"] = undecodable,
                ["handoff"] = handoff?.Pipe.Counts.Dropped ?? 0,
            },
            StageLatency = stages.Count > 0 ? stages : null,
            ClockOffset = server.Sessions.Clock.OffsetMilliseconds,
            ClockUncertainty = server.Sessions.Clock.UncertaintyMilliseconds,
            Stack = BallStack.Name,
        }.WithCosts(flow.Count);
    }
}
