using System.Diagnostics;

namespace Graph;

/// <summary>The AppHost's program with everything that it starts: all of it inherits a mark, by which it is found.</summary>
internal sealed class GraphRun : IDisposable
{
    private const string Mark = "BALL_BENCH_RUN";
    private const string UrlsVariable = "ASPNETCORE_URLS=";

    private static readonly string[] s_programs = ["BallServer.dll", "BallClient.dll", "BallDetector.dll"];

    private readonly string _mark = $"{Mark}={Guid.NewGuid():N}";
    private readonly TaskCompletionSource _login = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Process _process;

    public GraphRun()
    {
        var start = new ProcessStartInfo(
            "dotnet", [$"{Checkout.Program("BallAspire.AppHost")}.dll", "--headless=true", "--DcpPublisher:RandomizePorts=true"])
        {
            WorkingDirectory = Path.Combine(Checkout.Root, "BallAspire.AppHost"),
            RedirectStandardOutput = true,
            Environment =
            {
                [Mark] = _mark[(Mark.Length + 1)..],
                ["DOTNET_ENVIRONMENT"] = "Development",
                ["ASPNETCORE_URLS"] = "http://localhost:0",
                ["ASPIRE_ALLOW_UNSECURED_TRANSPORT"] = "true",
            },
        };
        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, line) =>
        {
            if (line.Data?.Contains("/login?t=", StringComparison.Ordinal) == true) _login.TrySetResult();
        };
        _process.BeginOutputReadLine();
    }

    /// <summary>Every process of this run that is alive.</summary>
    public IEnumerable<int> Alive => Directory.EnumerateDirectories("/proc").Select(Path.GetFileName)
        .Where(name => int.TryParse(name, out _)).Select(name => int.Parse(name!)).Where(p => Read(p, "environ").Contains(_mark));

    public Task LoginAsync(CancellationToken limit) => _login.Task.WaitAsync(limit);

    /// <summary>Asks the three programs themselves, where they listen behind the engine's proxy.</summary>
    public async Task HealthyAsync(CancellationToken limit)
    {
        using var http = new HttpClient();
        foreach (var program in s_programs)
        {
            while (!await IsHealthyAsync(http, program, limit)) await Task.Delay(20, limit);
        }
    }

    public void Interrupt() => Process.Start("kill", ["-INT", $"{_process.Id}"]).WaitForExit();

    public async Task GoneAsync(CancellationToken limit)
    {
        while (Alive.Any()) await Task.Delay(20, limit);
    }

    public void Dispose()
    {
        foreach (var process in Alive) Process.Start("kill", ["-KILL", $"{process}"]).WaitForExit();
        _process.Dispose();
    }

    private async Task<bool> IsHealthyAsync(HttpClient http, string program, CancellationToken limit)
    {
        var process = Alive.FirstOrDefault(p => Read(p, "cmdline").Contains($"/{program}\0"));
        var url = Read(process, "environ").Split('\0').FirstOrDefault(v => v.StartsWith(UrlsVariable, StringComparison.Ordinal));
        try
        {
            if (url is null) return false;
            using var answer = await http.GetAsync($"{url[UrlsVariable.Length..]}/health", limit);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static string Read(int process, string file)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/{file}");
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
