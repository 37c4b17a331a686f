using System.Diagnostics;
using Microsoft.Playwright;

namespace Ball.WebTransport.Tests;

/// <summary>A Chromium whose process is ours, so that it can be killed with all its children and without a word.</summary>
sealed class BrowserProcess : IAsyncDisposable
{
    private const string Listening = "DevTools listening on ";
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private readonly Process _process;
    private readonly DirectoryInfo _profile;

    private BrowserProcess(Process process, DirectoryInfo profile, IBrowser browser)
    {
        _process = process;
        _profile = profile;
        Browser = browser;
    }

    public IBrowser Browser { get; }

    public static async Task<BrowserProcess> StartAsync(IPlaywright playwright, string executable)
    {
        var profile = Directory.CreateTempSubdirectory("ball-chromium-");
        var process = Process.Start(new ProcessStartInfo(
            executable,
            ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--remote-debugging-port=0",
                $"--user-data-dir={profile.FullName}", "about:blank"])
        {
            RedirectStandardError = true
        })!;
        var address = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        process.ErrorDataReceived += (_, line) =>
        {
            if (line.Data?.IndexOf(Listening, StringComparison.Ordinal) is >= 0 and var at)
                address.TrySetResult(line.Data[(at + Listening.Length)..]);
        };
        process.BeginErrorReadLine();
        try
        {
            var browser = await playwright.Chromium.ConnectOverCDPAsync(await address.Task.WaitAsync(s_patience));
            return new BrowserProcess(process, profile, browser);
        }
        catch
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

    public void Kill()
    {
        _process.Kill(entireProcessTree: true);
        _process.WaitForExit(s_patience);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            Kill();
        await Browser.DisposeAsync();
        _process.Dispose();
        await BrowserProfile.DeleteAsync(_profile.FullName);
    }
}
