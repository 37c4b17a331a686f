using Microsoft.Playwright;

namespace Interop.Support;

/// <summary>A page in Debian's Chromium that acts as a WebRTC peer.</summary>
internal sealed class Browser : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private readonly IPlaywright _playwright;
    private readonly IBrowser _browser;

    private Browser(IPlaywright playwright, IBrowser browser, IPage page)
    {
        _playwright = playwright;
        _browser = browser;
        Page = page;
    }

    public IPage Page { get; }

    public static async Task<Browser> StartAsync()
    {
        var playwright = await Playwright.CreateAsync();
        var options = Integration.Chromium.Options;
        options.Args = [.. options.Args!, "--autoplay-policy=no-user-gesture-required"];
        var browser = await playwright.Chromium.LaunchAsync(options);
        var page = await browser.NewPageAsync();
        await page.GotoAsync("file://" + Path.Combine(AppContext.BaseDirectory, "peers", "browser_peer.html"));
        return new Browser(playwright, browser, page);
    }

    public Task<string> AskAsync(string expression, object? argument = null) =>
        Page.EvaluateAsync<string>(expression, argument);

    public async Task WaitAsync(string condition)
    {
        try
        {
            await Page.WaitForFunctionAsync(
                condition,
                null,
                new PageWaitForFunctionOptions { Timeout = (float)s_patience.TotalMilliseconds, PollingInterval = 20 });
        }
        catch (TimeoutException error)
        {
            throw new TimeoutException($"{condition}; the page saw {await AskAsync("JSON.stringify(seen)")}", error);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
    }
}
