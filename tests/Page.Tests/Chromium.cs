using Microsoft.Playwright;

namespace Page.Tests;

/// <summary>Debian's Chromium, shared by the tests of a class.</summary>
public sealed class Chromium : IAsyncLifetime
{
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public async Task InitializeAsync()
    {
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(Integration.Chromium.Options);
    }

    /// <summary>A browser of its own for a visitor: nothing is shared with others.</summary>
    internal async Task<Visit> VisitAsync(string address, BrowserNewContextOptions? options = null, string? before = null)
    {
        var context = await _browser!.NewContextAsync(options ?? new() { ViewportSize = new() { Width = 1280, Height = 900 } });
        return await Visit.OpenAsync(context, address, before);
    }

    public async Task DisposeAsync()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();
        _playwright?.Dispose();
    }
}
