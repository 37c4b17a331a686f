using System.Text.Json.Nodes;

namespace Cluster;

/// <summary>How the measuring loop does, by the server's own account.</summary>
/// <param name="Run">Names this run of the server.</param>
/// <param name="Samples">Scored since the server started.</param>
internal sealed record Loop(string Run, long Samples, double MeanError, double P50, double P95)
{
    /// <returns>Null before the first sample.</returns>
    public static Loop? Of(JsonNode? state) =>
        state?["summary"] is { } summary && summary["error_px"] is { } error && summary["latency_ms"] is { } latency
            ? new Loop(
                (string)state["run"]!, (long)summary["samples"]!, (double)error["mean"]!,
                (double)latency["p50"]!, (double)latency["p95"]!)
            : null;
}
