using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Integration;

/// <summary>The AppHost as a user runs it: a program of its own, with the Dashboard.</summary>
internal sealed partial class AppHostProgram : IDisposable
{
    public const string ApiKey = "an-api-key-for-this-test";

    /// <summary>Everything the run starts inherits this, so everything that is left of it can be found.</summary>
    private const string Mark = "BALL_INTEGRATION_RUN";

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly string _run = Guid.NewGuid().ToString("N");
    private readonly StringBuilder _said = new();
    private readonly TaskCompletionSource<Uri> _login = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <param name="environment">What the AppHost, and with it every process of the graph, is told besides.</param>
    public AppHostProgram(params (string Name, string Value)[] environment)
    {
        Dashboard = new Uri($"http://localhost:{UnusedPort.Find()}");
        var start = new ProcessStartInfo("dotnet", [ProgramPath, "--headless=true"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        (string, string)[] ours =
        [
            (Mark, _run),
            ("ASPNETCORE_URLS", Dashboard.ToString()),
            ("ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL", $"http://localhost:{UnusedPort.Find()}"),
            ("ASPIRE_RESOURCE_SERVICE_ENDPOINT_URL", $"http://localhost:{UnusedPort.Find()}"),
            ("AppHost__DashboardApiKey", ApiKey),
        ];
        foreach (var (name, value) in LaunchProfile().Concat(ours).Concat(environment))
            start.Environment[name] = value;
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Hear(line.Data);
        _process.ErrorDataReceived += (_, line) => Hear(line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public Uri Dashboard { get; }

    /// <summary>Every process of this run that is alive.</summary>
    public IReadOnlyList<int> Alive =>
    [
        .. Directory.EnumerateDirectories("/proc").Select(Path.GetFileName).Where(name => int.TryParse(name, out _))
            .Select(name => int.Parse(name!)).Where(IsOurs),
    ];

    /// <summary>Those processes of this run that run a program of that name.</summary>
    public IReadOnlyList<int> Named(string program) => [.. Alive.Where(p => IsProgram(p, program))];

    public string Said
    {
        get
        {
            lock (_said)
                return _said.ToString();
        }
    }

    /// <summary>The link for logging in, once it is printed.</summary>
    public async Task<Uri> LoginAsync()
    {
        var first = await Task.WhenAny(_login.Task, Task.Delay(s_patience), _process.WaitForExitAsync());
        return first == _login.Task
            ? await _login.Task
            : throw new InvalidOperationException($"No login link was printed:\n{Said}");
    }

    /// <summary>As Ctrl+C does.</summary>
    public void Interrupt() => Signal("INT");

    /// <summary>
    /// As a service manager does. It also reaches a program that a shell has started in the background, deaf to Ctrl+C.
    /// </summary>
    public void Terminate() => Signal("TERM");

    public void Kill() => _process.Kill();

    /// <returns>How long it took until the AppHost itself had ended.</returns>
    public async Task<TimeSpan> WaitUntilEndedAsync()
    {
        var watch = Stopwatch.StartNew();
        await _process.WaitForExitAsync().WaitAsync(s_patience);
        return watch.Elapsed;
    }

    /// <returns>How long it took until nothing of the run was left.</returns>
    public async Task<TimeSpan> WaitUntilGoneAsync()
    {
        var watch = Stopwatch.StartNew();
        while (Alive.Count > 0)
        {
            if (watch.Elapsed > s_patience)
                throw new TimeoutException($"Still there: {string.Join(", ", Alive.Select(Describe))}\n{Said}");
            await Task.Delay(50);
        }
        return watch.Elapsed;
    }

    public void Dispose()
    {
        foreach (var process in Alive)
            Process.Start("kill", ["-KILL", $"{process}"]).WaitForExit();
        _process.Dispose();
    }

    private void Signal(string name) => Process.Start("kill", [$"-{name}", $"{_process.Id}"]).WaitForExit();

    private static string ProgramPath
    {
        get
        {
            var configuration = new DirectoryInfo(AppContext.BaseDirectory).Name;
            var root = Path.GetDirectoryName(Projects.BallAspire_AppHost.ProjectPath)!;
            return Path.Combine(root, "artifacts", "bin", "BallAspire.AppHost", configuration, "BallAspire.AppHost.dll");
        }
    }

    /// <summary>What <c>dotnet run</c> tells it.</summary>
    private static IEnumerable<(string Name, string Value)> LaunchProfile()
    {
        var file = Path.Combine(Projects.BallAspire_AppHost.ProjectPath, "Properties", "launchSettings.json");
        var variables = JsonNode.Parse(File.ReadAllText(file))!["profiles"]!["http"]!["environmentVariables"]!;
        return variables.AsObject().Select(variable => (variable.Key, variable.Value!.GetValue<string>()));
    }

    private bool IsOurs(int process)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/environ").Contains($"{Mark}={_run}", StringComparison.Ordinal);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static bool IsProgram(int process, string program)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/cmdline").Split('\0').Select(Path.GetFileName)
                .Any(word => word == program || word == $"{program}.dll");
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static string Describe(int process)
    {
        try
        {
            return $"{process} {File.ReadAllText($"/proc/{process}/cmdline").Replace('\0', ' ')}";
        }
        catch (IOException)
        {
            return $"{process}";
        }
    }

    private void Hear(string? line)
    {
        if (line is null)
            return;
        lock (_said)
            _said.AppendLine(line);
        if (LoginLink().Match(line) is { Success: true } link)
            _login.TrySetResult(new Uri(link.Value));
    }

    [GeneratedRegex(@"https?://\S+/login\?t=\w+")]
    private static partial Regex LoginLink();
}
