using System.Diagnostics;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Page.Tests;

/// <summary>The real server, as a process of its own.</summary>
internal sealed partial class ServerProcess : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private readonly Process _process;
    private readonly HttpClient _http = new() { Timeout = s_patience };
    private readonly StringBuilder _said = new();
    private readonly TaskCompletionSource<string> _address = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ServerProcess(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, line) => Keep(line.Data);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public string Address { get; private set; } = "";

    public static Task<ServerProcess> StartAsync(params string[] arguments) => StartAsync(0, arguments);

    /// <summary>On that port, so that a page finds the next server where the last one was; 0 for any.</summary>
    public static async Task<ServerProcess> StartAsync(int port, params string[] arguments)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "BallServer"),
            ["--urls", $"http://127.0.0.1:{port}", "--signaling-port", "0", "--no-graphics", .. arguments])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        };
        foreach (var name in start.Environment.Keys.Where(IsOurs).ToArray())
            start.Environment.Remove(name);
        var server = new ServerProcess(Process.Start(start)!);
        await server.ReadyAsync();
        return server;
    }

    public async Task<JsonElement> StateAsync()
    {
        using var document = JsonDocument.Parse(await _http.GetStringAsync("api/state"));
        return document.RootElement.Clone();
    }

    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    /// <summary>As Ctrl+C or Kubernetes does it.</summary>
    public async Task<int> TerminateAsync()
    {
        using (var kill = Process.Start("kill", ["-TERM", $"{_process.Id}"]))
            await kill.WaitForExitAsync();
        using var patience = new CancellationTokenSource(s_patience);
        await _process.WaitForExitAsync(patience.Token);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            await TerminateAsync();
        _process.Dispose();
        _http.Dispose();
    }

    private async Task ReadyAsync()
    {
        using var patience = new CancellationTokenSource(s_patience);
        await Task.WhenAny(_address.Task, _process.WaitForExitAsync(patience.Token));
        Assert.True(_address.Task.IsCompleted, $"the server does not say where its page is: {_said}");
        _http.BaseAddress = new Uri(Address = await _address.Task);
        while (true)
        {
            using var answer = await _http.GetAsync("health", patience.Token);
            if (answer.IsSuccessStatusCode)
                return;
            await Task.Delay(20, patience.Token);
        }
    }

    private static bool IsOurs(string name) =>
        name.StartsWith("Ball__", StringComparison.Ordinal) || name.StartsWith("ASPNETCORE_", StringComparison.Ordinal)
        || name.StartsWith("OTEL_", StringComparison.Ordinal);

    private void Keep(string? line)
    {
        lock (_said)
            _said.AppendLine(line);
        if (PageAt().Match(line ?? "") is { Success: true } said)
            _address.TrySetResult($"http://localhost:{said.Groups[1].Value}/");
    }

    [GeneratedRegex(@"The page is at http://127\.0\.0\.1:(\d+)")]
    private static partial Regex PageAt();
}
