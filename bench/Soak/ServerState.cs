using System.Text.Json;

namespace Soak;

/// <summary>What the server says of the loop at <c>/api/state</c>.</summary>
internal sealed record ServerState(
    double Fps, long Rendered, long Sent, long Samples, long Unmatched, long Duplicates, int Peers, string Summary)
{
    public static async Task<ServerState> ReadAsync(HttpClient http, CancellationToken cancel)
    {
        using var state = JsonDocument.Parse(await http.GetStringAsync("/api/state", cancel));
        var summary = state.RootElement.GetProperty("summary");
        var frames = summary.GetProperty("frames");
        return new ServerState(
            state.RootElement.GetProperty("fps").GetDouble(),
            frames.GetProperty("rendered").GetInt64(), frames.GetProperty("sent").GetInt64(),
            summary.GetProperty("samples").GetInt64(), summary.GetProperty("unmatched").GetInt64(),
            summary.GetProperty("duplicates").GetInt64(),
            state.RootElement.GetProperty("peers").GetArrayLength(), summary.ToString());
    }
}
