using Microsoft.Playwright;

namespace Page.Tests;

/// <summary>Debian's Chromium, shared by the tests of a class.</summary>
public sealed class Chromium : IAsyncLifetime
{
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public async Task InitializeAsync()
    {
        Assertions.SetDefaultExpectTimeout(Visit.Patience);
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(Integration.Chromium.Options);
    }

    /// <summary>A browser of its own for a visitor: nothing is shared with others.</summary>
    /// <param name="before">What its pages do first.</param>
    /// <param name="isPatient">Waits for WebTransport, however long that takes to connect.</param>
    internal async Task<Visit> VisitAsync(
        string address, BrowserNewContextOptions? options = null, string? before = null, bool isPatient = false)
    {
        var context = await _browser!.NewContextAsync(options ?? new() { ViewportSize = new() { Width = 1280, Height = 900 } });
        if (isPatient)
            await context.RouteAsync("**/js/transport.js", WaitLongerAsync);
        return await Visit.OpenAsync(context, address, before);
    }

    private static async Task WaitLongerAsync(IRoute route)
    {
        const string Patience = "const PATIENCE = 3000;";
        var module = await route.FetchAsync();
        var text = await module.TextAsync();
        Assert.Contains(Patience, text);
        await route.FulfillAsync(
            new() { ContentType = "text/javascript", Body = text.Replace(Patience, $"const PATIENCE = {Visit.Patience};") });
    }

    public async Task DisposeAsync()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();
        _playwright?.Dispose();
    }
}
