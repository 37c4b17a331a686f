namespace Soak;

/// <summary>The whole graph, as a user starts it, and a look at it every so often.</summary>
internal sealed class GraphWatch : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(90);

    private static readonly string[] s_ours = ["BallServer", "BallClient", "BallDetector", "BallAspire.AppHost"];
    private static readonly string[] s_others = ["aspire-managed"];

    private readonly AppHostProgram _appHost;
    private readonly List<Watched> _ours = [];
    private readonly List<Watched> _others = [];
    private HttpClient? _http;

    private GraphWatch(AppHostProgram appHost) => _appHost = appHost;

    /// <summary>Server, client, detector and AppHost.</summary>
    public IReadOnlyList<Watched> Ours => _ours;

    /// <summary>What comes with Aspire: shown, not judged.</summary>
    public IReadOnlyList<Watched> Others => _others;

    /// <summary>Starts it, and waits until coordinates are scored.</summary>
    public static async Task<GraphWatch> StartAsync(IEnumerable<(string, string)> environment, CancellationToken cancel)
    {
        var graph = new GraphWatch(new AppHostProgram([.. environment]));
        try
        {
            await graph._appHost.LoginAsync();
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            limit.CancelAfter(s_patience);
            await graph.FindAsync(limit.Token);
            await graph.WaitForSamplesAsync(limit.Token);
            return graph;
        }
        catch
        {
            await graph.DisposeAsync();
            throw;
        }
    }

    public Task<ServerState> ReadStateAsync(CancellationToken cancel) => ServerState.ReadAsync(_http!, cancel);

    /// <summary>All lines, of all our processes, that tell of an exception or an error.</summary>
    public IReadOnlyList<string> Complaints() =>
    [
        .. _ours.SelectMany(process => process.Complaints().Select(line => $"{process.Name}: {line}")),
        .. _appHost.Said.Split('\n').Where(Watched.IsComplaint).Select(line => $"AppHost: {line}"),
    ];

    public async ValueTask DisposeAsync()
    {
        _http?.Dispose();
        _appHost.Terminate();
        try
        {
            await _appHost.WaitUntilGoneAsync();
        }
        finally
        {
            _appHost.Dispose();
        }
    }

    private async Task FindAsync(CancellationToken cancel)
    {
        foreach (var program in s_ours)
            _ours.Add(new Watched(program, await ProcessOfAsync(program, cancel)));
        foreach (var program in s_others)
            _others.Add(new Watched(program, await ProcessOfAsync(program, cancel)));
        _http = new HttpClient { BaseAddress = AddressOf(await ProcessOfAsync(s_ours[0], cancel)) };
    }

    private async Task<int> ProcessOfAsync(string program, CancellationToken cancel)
    {
        while (true)
        {
            if (_appHost.Named(program) is [var process, ..])
                return process;
            await Task.Delay(200, cancel);
        }
    }

    private async Task WaitForSamplesAsync(CancellationToken cancel)
    {
        while (true)
        {
            try
            {
                if ((await ReadStateAsync(cancel)).Samples > 0)
                    return;
            }
            catch (HttpRequestException)
            {
                // It starts.
            }
            await Task.Delay(200, cancel);
        }
    }

    /// <summary>Where the server itself listens, behind the engine's proxy.</summary>
    private static Uri AddressOf(int server)
    {
        const string Name = "ASPNETCORE_URLS=";
        var urls = File.ReadAllText($"/proc/{server}/environ").Split('\0')
            .First(v => v.StartsWith(Name, StringComparison.Ordinal));
        return new Uri(urls[Name.Length..].Split(';')[0]);
    }
}
