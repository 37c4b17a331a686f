using System.Text.Json;

namespace Integration;

/// <summary>The Dashboard's read API.</summary>
internal sealed class DashboardApi : IDisposable
{
    private readonly HttpClient _http;

    public DashboardApi(Uri dashboard)
    {
        _http = new HttpClient { BaseAddress = dashboard };
        _http.DefaultRequestHeaders.Add("X-API-Key", AppHostProgram.ApiKey);
    }

    /// <summary>Asks again and again, until what comes is what was waited for.</summary>
    public async Task<T> WaitForAsync<T>(string path, Func<JsonElement, T?> find) where T : class
    {
        using var limit = new CancellationTokenSource(RunningGraph.Patience);
        var last = "nothing";
        while (true)
        {
            try
            {
                last = await _http.GetStringAsync(path, limit.Token);
                using var answer = JsonDocument.Parse(last);
                if (find(answer.RootElement) is { } found)
                    return found;
                await Task.Delay(200, limit.Token);
            }
            catch (HttpRequestException)
            {
                await Task.Delay(200, limit.Token);
            }
            catch (OperationCanceledException)
            {
                throw new TimeoutException(
                    $"{path} never said what was waited for. At the end it said: {last[..Math.Min(2000, last.Length)]}");
            }
        }
    }

    public void Dispose() => _http.Dispose();
}
