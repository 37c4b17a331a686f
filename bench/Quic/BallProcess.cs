using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace QuicBench;

/// <summary>The real server as a process of its own, and what it said that matters here.</summary>
internal sealed class BallProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly List<string> _said = [];

    private BallProcess(Process process, Uri address)
    {
        _process = process;
        Address = address;
        process.OutputDataReceived += (_, line) => Hear(line.Data);
        process.ErrorDataReceived += (_, line) => Hear(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public Uri Address { get; }

    public bool IsAlive => !_process.HasExited;

    public double Megabytes
    {
        get
        {
            _process.Refresh();
            return IsAlive ? _process.WorkingSet64 / 1048576.0 : 0;
        }
    }

    public double CpuSeconds => CpuMeter.Of(_process.Id).TotalSeconds;

    public static async Task<BallProcess> StartAsync()
    {
        var address = new Uri($"http://localhost:{FreePort()}/");
        var server = new BallProcess(Process.Start(new ProcessStartInfo(
            Checkout.Program("BallServer"),
            ["--urls", address.OriginalString, "--signaling-port", "0", "--no-graphics", "--verbose", "--quic", "builtin"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true
        })!, address);
        using var http = new HttpClient { BaseAddress = address };
        for (var watch = Stopwatch.StartNew(); watch.Elapsed < TimeSpan.FromSeconds(30); await Task.Delay(100))
        {
            try
            {
                if ((await http.GetAsync("health")).IsSuccessStatusCode)
                    return server;
            }
            catch (HttpRequestException) when (server.IsAlive)
            {
                // Not yet.
            }
        }

        throw new TimeoutException($"BallServer did not start: {string.Join('\n', server._said)}");
    }

    /// <summary>Lines with this in them.</summary>
    public IReadOnlyList<string> Saying(string text)
    {
        lock (_said)
            return [.. _said.Where(line => line.Contains(text))];
    }

    /// <summary>Ends it politely.</summary>
    public async ValueTask DisposeAsync()
    {
        if (IsAlive)
        {
            using (var kill = Process.Start("kill", ["-TERM", $"{_process.Id}"]))
                await kill.WaitForExitAsync();
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10));
            await _process.WaitForExitAsync(patience.Token);
        }

        _process.Dispose();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    // The rest is the loop's figures, twice a second.
    private void Hear(string? line)
    {
        if (line is null || !(line.Contains("WebTransport") || line.Contains("QUIC") || line.Contains("connection of")
            || line.Contains("fail") || line.Contains("is gone") || line.Contains("error:")))
            return;
        lock (_said)
            _said.Add(line);
    }
}
