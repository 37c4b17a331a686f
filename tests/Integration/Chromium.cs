using Microsoft.Playwright;

namespace Integration;

/// <summary>The machine's own browser, quiet and without a window.</summary>
internal static class Chromium
{
    public static BrowserTypeLaunchOptions Options => new()
    {
        ExecutablePath = "/usr/bin/chromium",
        Args =
        [
            "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update",
            "--disable-sync",
        ],
    };
}
