using Microsoft.Playwright;

namespace Capture;

/// <summary>Chromium in a window; what is clicked is clicked with the screen's pointer.</summary>
internal sealed class Browser(IPlaywright playwright, IBrowserContext context, Screen screen, string profile) : IAsyncDisposable
{
    /// <summary>Some more on the screen than at full size; still legible in the film.</summary>
    private const double Zoom = 0.9;

    public static async Task<Browser> OpenAsync(Screen screen)
    {
        var playwright = await Playwright.CreateAsync();
        var profile = Directory.CreateTempSubdirectory("ball-capture-").FullName;
        var context = await playwright.Chromium.LaunchPersistentContextAsync(profile, new()
        {
            ExecutablePath = "/usr/bin/chromium",
            Headless = false,
            ColorScheme = ColorScheme.Dark,
            ViewportSize = ViewportSize.NoViewport,
            // No bar that says who steers.
            IgnoreDefaultArgs = ["--enable-automation"],
            Args =
            [
                "--no-sandbox", "--test-type", "--disable-gpu", "--no-first-run", "--disable-background-networking",
                "--force-dark-mode", "--disable-component-update", "--disable-sync", "--window-position=0,0",
                FormattableString.Invariant($"--force-device-scale-factor={Zoom}"),
            ],
        });
        return new Browser(playwright, context, screen, profile);
    }

    public IPage First => context.Pages[0];

    public async Task ClickAsync(ILocator place, double across = 0.5)
    {
        var (x, y) = await WhereAsync(place, across);
        await screen.ClickAsync(x, y);
    }

    /// <summary>Clicks what opens a page.</summary>
    public Task<IPage> OpenByAsync(ILocator link) => context.RunAndWaitForPageAsync(() => ClickAsync(link));

    /// <summary>Where the page's contents begin on the screen.</summary>
    public static async Task<int> TopAsync(IPage page) =>
        (int)Math.Round(await page.EvaluateAsync<double>("() => outerHeight - innerHeight") * Zoom);

    public async ValueTask DisposeAsync()
    {
        await context.DisposeAsync();
        playwright.Dispose();
        Directory.Delete(profile, recursive: true);
    }

    private static async Task<(double X, double Y)> WhereAsync(ILocator place, double across)
    {
        await place.WaitForAsync();
        var box = await place.BoundingBoxAsync() ?? throw new InvalidOperationException("What is to be clicked cannot be seen.");
        return ((box.X + box.Width * across) * Zoom, (box.Y + box.Height / 2) * Zoom + await TopAsync(place.Page));
    }
}
