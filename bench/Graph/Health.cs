namespace Graph;

/// <summary>Asks the three programs themselves, where they listen behind the engine's proxy.</summary>
internal static class Health
{
    private const string UrlsVariable = "ASPNETCORE_URLS=";

    public static async Task WaitAsync(AppHostProgram appHost, CancellationToken limit)
    {
        using var http = new HttpClient();
        foreach (var program in new[] { "BallServer", "BallClient", "BallDetector" })
        {
            while (!await IsHealthyAsync(http, appHost.Named(program), limit))
                await Task.Delay(20, limit);
        }
    }

    private static async Task<bool> IsHealthyAsync(HttpClient http, IReadOnlyList<int> processes, CancellationToken limit)
    {
        try
        {
            if (processes is not [var process, ..] || UrlOf(process) is not { } url)
                return false;
            using var answer = await http.GetAsync($"{url}/health", limit);
            return answer.IsSuccessStatusCode;
        }
        catch (Exception notYet) when (notYet is HttpRequestException or IOException)
        {
            return false;
        }
    }

    private static string? UrlOf(int process) => File.ReadAllText($"/proc/{process}/environ").Split('\0')
        .FirstOrDefault(variable => variable.StartsWith(UrlsVariable, StringComparison.Ordinal))?[UrlsVariable.Length..];
}
