using System.Diagnostics;
using Microsoft.Playwright;

namespace Integration;

/// <summary>The Dashboard's buttons, pressed as a person presses them, and the pages behind a resource.</summary>
public sealed class ControlTests
{
    private const string Detector = "detector";

    private static readonly float s_patience = (float)RunningGraph.Patience.TotalMilliseconds;

    [Fact]
    public async Task The_detector_is_stopped_started_and_restarted_by_its_buttons_and_its_pages_show()
    {
        using var appHost = new AppHostProgram();
        var login = await appHost.LoginAsync();
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await playwright.Chromium.LaunchAsync(Chromium.Options);
        var page = await browser.NewPageAsync(
            new BrowserNewPageOptions { ViewportSize = new ViewportSize { Width = 1600, Height = 1000 } });
        page.SetDefaultTimeout(s_patience);
        Assertions.SetDefaultExpectTimeout(s_patience);

        await page.GotoAsync(login.ToString());
        var row = page.GetByRole(AriaRole.Row).Filter(new LocatorFilterOptions { HasText = $"{Detector}.csproj" });
        await Assertions.Expect(row).ToContainTextAsync("Running");
        var first = await DetectorOtherThanAsync(0);

        await Button("Stop resource").ClickAsync();
        await Assertions.Expect(row).ToContainTextAsync("Finished");
        Assert.False(Directory.Exists($"/proc/{first}"), "a detector that was stopped has to be gone");

        await Button("Start resource").ClickAsync();
        await Assertions.Expect(row).ToContainTextAsync("Running");
        var second = await DetectorOtherThanAsync(first);

        // Restart is in the row's menu, which closes when the row is drawn anew: then it is opened once more, as a person does.
        for (var tries = 0; tries < 4 && appHost.Named("BallDetector").Contains(second); tries++)
        {
            await Button("Actions").ClickAsync();
            await page.GetByRole(AriaRole.Menuitem, new PageGetByRoleOptions { Name = "Restart" }).ClickAsync();
            await WaitAtMostAsync(TimeSpan.FromSeconds(15), () => !appHost.Named("BallDetector").Contains(second));
        }
        await DetectorOtherThanAsync(second);
        await Assertions.Expect(row).ToContainTextAsync("Running");

        await page.GotoAsync(new Uri(appHost.Dashboard, $"/consolelogs/resource/{Detector}").ToString());
        await Assertions.Expect(page.GetByText("stack, .NET").First).ToBeVisibleAsync();

        await page.GotoAsync(new Uri(appHost.Dashboard, "/?view=Graph").ToString());
        foreach (var name in RunningGraph.Names)
        {
            var node = page.Locator("svg text").Filter(new LocatorFilterOptions { HasText = name }).First;
            await Assertions.Expect(node).ToBeVisibleAsync();
        }

        ILocator Button(string name) => row.GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = name, Exact = true });

        static async Task WaitAtMostAsync(TimeSpan time, Func<bool> condition)
        {
            for (var watch = Stopwatch.StartNew(); watch.Elapsed < time && !condition();)
                await Task.Delay(100);
        }

        async Task<int> DetectorOtherThanAsync(int known)
        {
            using var limit = new CancellationTokenSource(RunningGraph.Patience);
            while (true)
            {
                if (appHost.Named("BallDetector").FirstOrDefault(p => p != known) is var process and > 0) return process;
                await Task.Delay(100, limit.Token);
            }
        }
    }
}
