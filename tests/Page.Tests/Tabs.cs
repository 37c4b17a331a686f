using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Page.Tests;

/// <summary>
/// Chromium with tabs that hide each other, as people have them. Playwright cannot: it makes every page believe to be in front.
/// So this browser is only told which tab to show, and asked what stands on the tabs.
/// </summary>
internal sealed partial class Tabs : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private readonly Process _process;
    private readonly string _profile = Directory.CreateTempSubdirectory("ball-tabs-").FullName;
    private readonly TaskCompletionSource<Uri> _address = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private HttpClient _http = new();

    private Tabs(string address)
    {
        _process = new Process
        {
            StartInfo = new ProcessStartInfo("/usr/bin/chromium",
                ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
                    "--disable-component-update", "--disable-sync", "--remote-debugging-port=0",
                    $"--user-data-dir={_profile}", address])
            {
                RedirectStandardError = true,
            },
        };
        _process.ErrorDataReceived += (_, line) =>
        {
            if (Listening().Match(line.Data ?? "") is { Success: true } said)
                _address.TrySetResult(new Uri($"http://{said.Groups[1].Value}/"));
        };
        _process.Start();
        _process.BeginErrorReadLine();
    }

    /// <summary>Opens a browser with one tab.</summary>
    public static async Task<Tabs> OpenAsync(string address)
    {
        var tabs = new Tabs(address);
        tabs._http = new HttpClient { BaseAddress = await tabs._address.Task.WaitAsync(s_patience), Timeout = s_patience };
        return tabs;
    }

    /// <summary>Waits until a tab has that title; which tab it is.</summary>
    public async Task<string> FindAsync(string title)
    {
        using var patience = new CancellationTokenSource(s_patience);
        while (true)
        {
            var all = await _http.GetFromJsonAsync<JsonElement[]>("json/list", patience.Token);
            foreach (var tab in all!)
            {
                if (tab.GetProperty("title").GetString() == title)
                    return tab.GetProperty("id").GetString()!;
            }
            await Task.Delay(50, patience.Token);
        }
    }

    /// <summary>Opens another tab in front of the others.</summary>
    public async Task AddAsync() => (await _http.PutAsync("json/new?about:blank", null)).EnsureSuccessStatusCode().Dispose();

    /// <summary>Brings a tab to the front.</summary>
    public async Task ShowAsync(string tab) => (await _http.GetAsync($"json/activate/{tab}")).EnsureSuccessStatusCode().Dispose();

    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        _http.Dispose();
        await BrowserProfile.DeleteAsync(_profile);
    }

    [GeneratedRegex("DevTools listening on ws://([^/]+)/")]
    private static partial Regex Listening();
}
