using System.Runtime.CompilerServices;
using Capture;
using Microsoft.Playwright;

// Films the application as it runs, for the README: dotnet run -c Release --project docs/capture
if (Tools.Missing() is { } missing)
{
    Console.Error.WriteLine(missing);
    return 2;
}

var docs = Path.GetFullPath(Path.Combine(Here(), ".."));
await using var screen = await Screen.OpenAsync();
using var film = new Film(screen, docs);
await using var application = new Application(Path.GetFullPath(Path.Combine(docs, "..")));
var login = await application.LoginAsync();
await using var browser = await Browser.OpenAsync(screen);
var dashboard = browser.First;
dashboard.SetDefaultTimeout(60_000);

// The processes, and the link to the page.
await dashboard.GotoAsync(login);
var link = dashboard.GetByRole(AriaRole.Link, new() { Name = "Ball", Exact = true });
await link.WaitForAsync();
await Assertions.Expect(dashboard.GetByText("Running", new() { Exact = true })).ToHaveCountAsync(3, new() { Timeout = 60_000 });
await screen.PlaceAsync("BallServer", 808, 508);
await screen.PlaceAsync("BallClient", 808, 12);
await screen.PlaceAsync("Chromium", 0, 0, Screen.Width, Screen.Height);
await Task.Delay(8000);

// The page: how fast it is there, and that its knobs turn the server.
IPage? page = null;
await film.ShootAsync(async () =>
{
    await Task.Delay(800);
    page = await browser.OpenByAsync(link);
    await page.GetByText("Live", new() { Exact = true }).WaitForAsync();
    await Task.Delay(1800);
    await browser.ClickAsync(page.Locator("#set-fps"), across: 0.496);
    await Task.Delay(1000);
    await browser.ClickAsync(page.GetByLabel("random"));
    await Task.Delay(500);
    await screen.PointAsync(Screen.Width * 0.5, Screen.Height * 0.85);
    await Task.Delay(1500);
});
var top = await Browser.TopAsync(page!);
await film.StillAsync("page.png", 0, top, Screen.Width, Screen.Height - top);

// A frame's way through all three processes.
await dashboard.BringToFrontAsync();
await dashboard.GotoAsync(new Uri(new Uri(login), "/traces").ToString());
// A frame that the client was too late for has no such way.
var trace = dashboard.GetByRole(AriaRole.Row).Filter(new() { HasText = "detector" }).Last.GetByText("server: paint");
await trace.WaitForAsync();
await Task.Delay(2000);
await film.ShootAsync(async () =>
{
    await Task.Delay(500);
    await browser.ClickAsync(trace);
    await dashboard.GetByText("detect", new() { Exact = false }).First.WaitForAsync();
    await Task.Delay(2000);
});
await film.StillAsync("dashboard.png", 0, top, Screen.Width, Screen.Height - top);

// Everybody at once: the page, and what client and server show.
await page!.BringToFrontAsync();
await screen.PlaceAsync("Chromium", 0, 0, 800, Screen.Height);
await screen.PlaceAsync("BallServer", 808, 508);
await screen.PlaceAsync("BallClient", 808, 12);
await screen.PointAsync(400, 930);
await Task.Delay(3000);
await film.ShootAsync(() => Task.Delay(5000));
await film.StillAsync("client.png", 808, 12, 640, 480);

await film.JoinAsync("ball");
return 0;

static string Here([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
