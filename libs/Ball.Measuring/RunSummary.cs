using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ball.Measuring;

/// <summary>
/// What a run came to: what `--json` writes. The names are a contract; what a process does not measure is left out.
/// </summary>
public sealed record RunSummary
{
    [JsonPropertyName("frames")]
    public FrameCounts Frames { get; init; } = new();

    /// <summary>How long the run was.</summary>
    [JsonPropertyName("seconds")]
    public double Seconds { get; init; }

    [JsonPropertyName("fps")]
    public double Fps { get; init; }

    /// <summary>How many peers there were.</summary>
    [JsonPropertyName("peers")]
    public int? Peers { get; init; }

    /// <summary>Coordinates that were scored, or sent.</summary>
    [JsonPropertyName("samples")]
    public long Samples { get; init; }

    /// <summary>Coordinates that named no frame that was sent.</summary>
    [JsonPropertyName("unmatched")]
    public long? Unmatched { get; init; }

    /// <summary>Second coordinates for a frame.</summary>
    [JsonPropertyName("duplicates")]
    public long? Duplicates { get; init; }

    /// <summary>Scored coordinates that named no frame at all.</summary>
    [JsonPropertyName("plain")]
    public long? Plain { get; init; }

    /// <summary>The longest time that one peer had nothing scored, once it had begun: how long the picture stood still.</summary>
    [JsonPropertyName("longest_gap_ms")]
    public double? LongestGap { get; init; }

    /// <summary>Frames that each stage dropped.</summary>
    [JsonPropertyName("dropped")]
    public IReadOnlyDictionary<string, long> Dropped { get; init; } = new Dictionary<string, long>();

    /// <summary>The whole loop: from the instant the picture shows until its coordinates were back.</summary>
    [JsonPropertyName("latency_ms")]
    public Percentiles? Latency { get; init; }

    [JsonPropertyName("stage_latency_ms")]
    public IReadOnlyDictionary<string, Percentiles>? StageLatency { get; init; }

    /// <summary>Same frame, straight distance.</summary>
    [JsonPropertyName("error_px")]
    public ErrorFigures? Error { get; init; }

    /// <summary>Where the ball was when the coordinates came, straight distance.</summary>
    [JsonPropertyName("realtime_error_px")]
    public ErrorFigures? RealtimeError { get; init; }

    /// <summary>Sum of |dx| + |dy| of the k-th message against the k-th frame, as the original task counts.</summary>
    [JsonPropertyName("l1_total")]
    public double? L1Total { get; init; }

    /// <summary>The same sum of straight distances.</summary>
    [JsonPropertyName("l2_total")]
    public double? L2Total { get; init; }

    /// <summary>The other end's clock minus ours; of several, that of the one known worst.</summary>
    [JsonPropertyName("clock_offset_ms")]
    public double? ClockOffset { get; init; }

    /// <summary>How far off that may be, either way.</summary>
    [JsonPropertyName("clock_uncertainty_ms")]
    public double? ClockUncertainty { get; init; }

    [JsonPropertyName("cpu_ms_per_frame")]
    public double CpuPerFrame { get; init; }

    /// <summary>Managed memory that was asked for, from the process's start on; so a short run says little.</summary>
    [JsonPropertyName("allocated_bytes_per_frame")]
    public double? AllocatedPerFrame { get; init; }

    /// <summary>What the process held at its most.</summary>
    [JsonPropertyName("peak_memory_mb")]
    public double? PeakMemory { get; init; }

    /// <summary>`standins` or `upstream`.</summary>
    [JsonPropertyName("stack")]
    public string Stack { get; init; } = "";

    /// <summary>Fills in what the process cost for so many frames.</summary>
    public RunSummary WithCosts(long frames)
    {
        var each = Math.Max(1, frames);
        using var self = Process.GetCurrentProcess();
        return this with
        {
            CpuPerFrame = Math.Round(Environment.CpuUsage.TotalTime.TotalMilliseconds / each, 4),
            AllocatedPerFrame = Math.Round(GC.GetTotalAllocatedBytes() / (double)each),
            PeakMemory = Math.Round(self.PeakWorkingSet64 / 1e6, 1),
        };
    }

    /// <summary>Whether anything flowed: decides the exit code.</summary>
    [JsonIgnore]
    public bool DataFlowed => Samples > 0 || Frames.Decoded > 0;

    public string ToJson() => JsonSerializer.Serialize(this, RunSummaryJson.Default.RunSummary);
}
