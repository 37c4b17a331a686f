using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Page.Tests;

/// <summary>The real server, as a process of its own.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private readonly Process _process;
    private readonly HttpClient _http;
    private readonly StringBuilder _said = new();

    private ServerProcess(Process process, int port)
    {
        _process = process;
        Port = port;
        _http = new HttpClient { BaseAddress = new Uri(Address), Timeout = s_patience };
        process.OutputDataReceived += (_, line) => Keep(line.Data);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public int Port { get; }

    public string Address => $"http://localhost:{Port}/";

    public static async Task<ServerProcess> StartAsync(params string[] arguments) => await StartAsync(FreePort(), arguments);

    /// <summary>On that port, so that a page finds the next server where the last one was.</summary>
    public static async Task<ServerProcess> StartAsync(int port, string[] arguments)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "BallServer"),
            ["--urls", $"http://localhost:{port}", "--signaling-port", "0", "--no-graphics", .. arguments])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        };
        foreach (var name in start.Environment.Keys.Where(IsOurs).ToArray())
            start.Environment.Remove(name);
        var server = new ServerProcess(Process.Start(start)!, port);
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

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private async Task ReadyAsync()
    {
        using var patience = new CancellationTokenSource(s_patience);
        while (true)
        {
            try
            {
                using var answer = await _http.GetAsync("health", patience.Token);
                if (answer.IsSuccessStatusCode)
                    return;
            }
            catch (HttpRequestException) when (!_process.HasExited)
            {
                // Not yet.
            }
            Assert.False(_process.HasExited, $"the server ended: {_said}");
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
    }
}
