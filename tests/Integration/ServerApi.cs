using System.Diagnostics;
using System.Text.Json;
using Aspire.Hosting.Testing;

namespace Integration;

/// <summary>What the server of a running graph says of the loop at <c>/api/state</c>.</summary>
internal sealed class ServerApi(RunningGraph graph) : IDisposable
{
    /// <summary>Well below the rate at which the server would refuse.</summary>
    private static readonly TimeSpan s_every = TimeSpan.FromMilliseconds(50);

    private readonly HttpClient _http = graph.App.CreateHttpClient("server");

    /// <summary>Asks again and again, also while no server answers, until its summary is as wanted.</summary>
    public async Task<JsonElement> WaitForAsync(Func<JsonElement, bool> isWanted)
    {
        var last = "nothing";
        for (var watch = Stopwatch.StartNew(); watch.Elapsed < RunningGraph.Patience; await Task.Delay(s_every))
        {
            try
            {
                last = await _http.GetStringAsync("/api/state");
                using var state = JsonDocument.Parse(last);
                var summary = state.RootElement.GetProperty("summary");
                if (isWanted(summary))
                    return summary.Clone();
            }
            catch (Exception gone) when (gone is HttpRequestException or TaskCanceledException)
            {
                last = gone.Message;
            }
        }
        throw new TimeoutException($"The server never said what was waited for. At the end: {last}");
    }

    public Task<JsonElement> WaitForSamplesAsync(long more) => WaitForAsync(summary => Samples(summary) >= more);

    public static long Samples(JsonElement summary) => summary.GetProperty("samples").GetInt64();

    public void Dispose() => _http.Dispose();
}
