using System.Diagnostics;
using Ball.Handoff;
using BallAspire.ServiceDefaults;
using Microsoft.Extensions.Logging;

namespace BallClient.Detection;

/// <summary>
/// The detector of a client that runs alone: a process of our own, started again when it dies, and asked to end when we do.
/// </summary>
internal sealed partial class DetectorChild : IAsyncDisposable
{
    private static readonly TimeSpan s_firstPause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan s_longestPause = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_longLife = TimeSpan.FromSeconds(10);

    private readonly string[] _arguments;
    private readonly ILogger _log;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _keeping;

    public DetectorChild(string pipe, string slot, string finder, bool verbose, ILogger log)
    {
        string[] more = verbose ? ["--verbose"] : [];
        _arguments = ["--pipe", pipe, "--slot", slot, "--finder", finder, "--end-with-input", .. more];
        _log = log;
        _keeping = KeepAsync();
    }

    /// <summary>Fails when the detector says that it cannot work at all.</summary>
    public Task Completion => _keeping;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _keeping.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task KeepAsync()
    {
        for (var pause = s_firstPause; !_stop.IsCancellationRequested;)
        {
            var started = TimeProvider.System.GetTimestamp();
            using var process = Start();
            try
            {
                await process.WaitForExitAsync(_stop.Token);
            }
            catch (OperationCanceledException)
            {
                await EndAsync(process);
                return;
            }
            if (process.ExitCode == ExitCode.BadSetUp)
                throw new HandoffException("The detector cannot work; it says why above.");
            pause = TimeProvider.System.GetElapsedTime(started) > s_longLife ? s_firstPause : Longer(pause);
            // Ctrl+C reaches it as well as us: that it ended first is no news then.
            await Task.Delay(pause, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!_stop.IsCancellationRequested)
                LogDied(process.ExitCode);
        }
    }

    private Process Start()
    {
        var program = Path.Combine(AppContext.BaseDirectory, "BallDetector");
        var start = File.Exists(program)
            ? new ProcessStartInfo(program, _arguments)
            : new ProcessStartInfo("dotnet", [program + ".dll", .. _arguments]);
        // Its input ends when we do, even when we are killed; then it ends too.
        start.RedirectStandardInput = true;
        // It is ours to end, and must not fight over our web address.
        start.Environment.Remove("ASPNETCORE_URLS");
        return Process.Start(start)!;
    }

    private static async Task EndAsync(Process process)
    {
        using var kill = Process.Start("kill", ["-TERM", $"{process.Id}"]);
        using var patience = new CancellationTokenSource(Ending.Goodbye);
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
        }
    }

    private static TimeSpan Longer(TimeSpan pause) => pause * 2 < s_longestPause ? pause * 2 : s_longestPause;

    [LoggerMessage(LogLevel.Warning, "The detector ended with code {Code}; starting it again")]
    private partial void LogDied(int code);
}
