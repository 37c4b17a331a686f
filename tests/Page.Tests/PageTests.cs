using System.Text.Json;
using Microsoft.Playwright;

namespace Page.Tests;

/// <summary>The page in a real browser, before a real server.</summary>
public class PageTests(Chromium chromium) : IClassFixture<Chromium>
{
    /// <summary>As in a browser that has no WebTransport.</summary>
    private const string WithoutWebTransport = "delete globalThis.WebTransport";

    [Fact]
    public async Task It_plays_finds_the_ball_to_a_fraction_of_a_pixel_and_agrees_with_the_server()
    {
        await using var server = await ServerProcess.StartAsync();
        await using var visit = await chromium.VisitAsync(server.Address);
        await visit.PlaysAsync();
        await visit.ShowsAsync("error-note", "Number.parseInt(text.split(',')[1]) >= 90");

        // All are of the last second, and none is there when nothing came in it.
        await visit.Page.WaitForFunctionAsync("""
            () => {
              const [error, realtime, latency, cost] = ["error", "realtime", "latency", "cost"]
                .map(id => Number.parseFloat(document.getElementById(id).textContent));
              return error <= 0.5 && realtime > error && latency >= 0.1 && cost >= 0.001;
            }
            """);

        var peer = await PeerAsync(server);
        Assert.Equal("connected", peer.GetProperty("state").GetString());
        Assert.Equal(0, peer.GetProperty("unmatched").GetInt64());
        Assert.InRange(peer.GetProperty("samples").GetInt64(), 90, 1_000_000);
        await EventuallyAsync(async () =>
        {
            var shown = await visit.Page.EvaluateAsync<double[]>("""
                () => {
                  const cells = document.querySelectorAll("#peers tr:first-child td");
                  return [...cells].map(cell => Number.parseFloat(cell.textContent));
                }
                """);
            peer = await PeerAsync(server);
            return shown.Length > 3 && Math.Abs(peer.GetProperty("meanError").GetDouble() - shown[3]) <= 0.05;
        });
        Assert.InRange(peer.GetProperty("meanError").GetDouble(), 0, 1);
        Assert.Empty(visit.Complaints);
    }

    [Fact]
    public async Task Every_score_the_page_shows_is_what_the_server_counted()
    {
        await using var server = await ServerProcess.StartAsync();
        await using var visit = await chromium.VisitAsync(server.Address, before: """
            const scores = globalThis.heardScores = [];
            const listen = Object.getOwnPropertyDescriptor(WebSocket.prototype, "onmessage");
            Object.defineProperty(WebSocket.prototype, "onmessage", {
              ...listen,
              set(handler) {
                listen.set.call(this, event => {
                  if (event.data.includes('"score"')) scores.push(JSON.parse(event.data));
                  handler(event);
                });
              },
            });
            delete globalThis.WebTransport;
            """);
        await visit.PlaysAsync();
        await visit.Page.WaitForFunctionAsync("() => heardScores.length >= 60");
        await visit.Page.Locator("#find-on").UncheckAsync();

        // What is under way may be in the server's count and not yet in the page's.
        var (peer, errors) = (default(JsonElement), Array.Empty<double>());
        await EventuallyAsync(async () =>
        {
            peer = await PeerAsync(server);
            errors = await visit.Page.EvaluateAsync<double[]>(
                "() => heardScores.filter(s => s.score === 'matched').map(s => s.error)");
            return peer.GetProperty("samples").GetInt64() == errors.Length;
        });
        Assert.Equal(peer.GetProperty("meanError").GetDouble(), errors.Average(), 0.0005);
        Assert.Equal(peer.GetProperty("error").GetDouble(), errors[^1], 0.0005);
    }

    [Fact]
    public async Task Without_WebTransport_it_takes_a_WebSocket_and_says_why()
    {
        await using var server = await ServerProcess.StartAsync();
        await using var visit = await chromium.VisitAsync(server.Address, before: WithoutWebTransport);
        await visit.PlaysAsync();
        Assert.StartsWith("WebSocket, because ", await visit.TextAsync("transport"));
        await visit.ShowsAsync("error", "value < 1");
    }

    [Fact]
    public async Task With_QUIC_on_both_ends_it_takes_WebTransport()
    {
        await using var server = await ServerProcess.StartAsync();
        var offered = (await server.StateAsync()).GetProperty("webTransport");
        await using var visit = await chromium.VisitAsync(server.Address, isPatient: true);
        await visit.PlaysAsync();
        if (!offered.TryGetProperty("url", out _))
        {
            // Said loudly by the page itself; the server's reason is the page's.
            Assert.Equal($"WebSocket, because {offered.GetProperty("missing")}", await visit.TextAsync("transport"));
            return;
        }
        Assert.Equal($"WebTransport (QUIC: {offered.GetProperty("quic").GetString()})", await visit.TextAsync("transport"));
        await visit.ShowsAsync("error", "value < 1");
        Assert.Equal(0, (await PeerAsync(server)).GetProperty("unmatched").GetInt64());
        Assert.Empty(visit.Complaints);
    }

    [Fact]
    public async Task Coordinates_and_scores_go_in_datagrams_and_signalling_does_not()
    {
        await using var server = await ServerProcess.StartAsync("--quic", "builtin");
        await using var visit = await chromium.VisitAsync(server.Address, isPatient: true, before: """
            const [said, heard] = [globalThis.said = [], globalThis.heard = []];
            const text = chunk => chunk instanceof Uint8Array ? new TextDecoder().decode(chunk) : "";
            const { write } = WritableStreamDefaultWriter.prototype;
            WritableStreamDefaultWriter.prototype.write = function (chunk) {
              said.push(text(chunk));
              return write.call(this, chunk);
            };
            const { read } = ReadableStreamDefaultReader.prototype;
            ReadableStreamDefaultReader.prototype.read = async function () {
              const next = await read.call(this);
              heard.push(text(next.value));
              return next;
            };
            """);
        await visit.PlaysAsync();
        await visit.Page.WaitForFunctionAsync("() => heard.filter(text => text.includes('\"matched\"')).length >= 60");
        var said = await visit.Page.EvaluateAsync<string[]>("() => said");
        var heard = await visit.Page.EvaluateAsync<string[]>("() => heard");

        // On the stream a line ends with a line's end; a datagram has none.
        Assert.All(said.Where(text => text.Contains("\"x\":")), text => Assert.DoesNotContain('\n', text));
        Assert.All(heard.Where(text => text.Contains("\"score\"")), text => Assert.DoesNotContain('\n', text));
        Assert.All(said.Where(text => text.Contains("\"sdp\"")), text => Assert.EndsWith("\n", text));
        Assert.Contains(heard, text => text.Contains("\"sdp\""));
        Assert.Equal(0, (await PeerAsync(server)).GetProperty("unmatched").GetInt64());
        Assert.Empty(visit.Complaints);
    }

    [Fact]
    public async Task Where_WebTransport_leads_nowhere_it_falls_back_and_says_so()
    {
        await using var server = await ServerProcess.StartAsync();
        await using var visit = await chromium.VisitAsync(server.Address, before: """
            const ask = globalThis.fetch;
            globalThis.fetch = async (...args) => {
              const response = await ask(...args);
              if (!String(args[0]).endsWith("api/state")) return response;
              const state = await response.json();
              if (state.webTransport.hashes) state.webTransport.hashes = [btoa("x".repeat(32))];
              return new Response(JSON.stringify(state));
            };
            """);
        await visit.PlaysAsync();
        Assert.StartsWith("WebSocket, because ", await visit.TextAsync("transport"));
        await visit.ShowsAsync("error", "value < 1");
    }

    [Fact]
    public async Task It_survives_a_server_that_is_killed_and_comes_back()
    {
        var port = UnusedPort.Find();
        var server = await ServerProcess.StartAsync(port);
        await using var visit = await chromium.VisitAsync(server.Address);
        await visit.PlaysAsync();
        server.Kill();
        await Assertions.Expect(visit.Page.Locator("#phase")).ToHaveTextAsync("Trying again", new() { Timeout = 30_000 });
        await Assertions.Expect(visit.Page.Locator("#veil-detail")).Not.ToBeEmptyAsync();
        await Assertions.Expect(visit.Page.Locator("#set-fps")).ToBeDisabledAsync();

        await using var next = await ServerProcess.StartAsync(port);
        await server.DisposeAsync();
        await visit.PlaysAsync();
        await visit.ShowsAsync("error", "value < 1");
        await Assertions.Expect(visit.Page.Locator("#set-fps")).ToBeEnabledAsync();
        Assert.Empty(visit.Complaints);
    }

    [Fact]
    public async Task A_server_that_is_told_to_end_tells_the_page_and_ends_quickly()
    {
        await using var server = await ServerProcess.StartAsync();
        await using var visit = await chromium.VisitAsync(server.Address);
        await visit.PlaysAsync();
        var started = TimeProvider.System.GetTimestamp();
        Assert.Equal(0, await server.TerminateAsync());
        Assert.InRange(TimeProvider.System.GetElapsedTime(started).TotalSeconds, 0, 10);
        await Assertions.Expect(visit.Page.Locator("#phase")).Not.ToHaveTextAsync("Live", new() { Timeout = 10_000 });
    }

    [Fact]
    public async Task It_survives_a_reload_and_leaves_no_session_behind()
    {
        await using var server = await ServerProcess.StartAsync();
        await using var visit = await chromium.VisitAsync(server.Address);
        await visit.PlaysAsync();
        for (var i = 0; i < 2; i++)
        {
            await visit.Page.ReloadAsync();
            await visit.PlaysAsync();
        }
        await visit.ShowsAsync("error", "value < 1");
        await EventuallyAsync(async () => (await server.StateAsync()).GetProperty("peers").GetArrayLength() == 1);
    }

    [Fact]
    public async Task Two_tabs_play_at_once_and_see_each_other_in_the_table()
    {
        await using var server = await ServerProcess.StartAsync();
        await using var one = await chromium.VisitAsync(server.Address);
        await using var other = await chromium.VisitAsync(server.Address);
        await one.PlaysAsync();
        await other.PlaysAsync();
        await one.ShowsAsync("error", "value < 1");
        await other.ShowsAsync("error", "value < 1");
        await Assertions.Expect(one.Page.Locator("#peers tr")).ToHaveCountAsync(2);
        await Assertions.Expect(other.Page.Locator("#peers tr")).ToHaveCountAsync(2);
    }

    [Fact]
    public async Task It_stops_and_starts_and_remembers_that_over_a_reload()
    {
        await using var server = await ServerProcess.StartAsync();
        await using var visit = await chromium.VisitAsync(server.Address);
        await visit.PlaysAsync();
        await visit.Page.Locator("#toggle").ClickAsync();
        await Assertions.Expect(visit.Page.Locator("#phase")).ToHaveTextAsync("Stopped");
        await EventuallyAsync(async () => (await server.StateAsync()).GetProperty("peers").GetArrayLength() == 0);
        await visit.Page.ReloadAsync();
        await Assertions.Expect(visit.Page.Locator("#phase")).ToHaveTextAsync("Stopped");
        await visit.Page.Locator("#toggle").ClickAsync();
        await visit.PlaysAsync();
    }

    [Theory]
    [InlineData("set-fps", 60, "fps", 60)]
    [InlineData("set-bitrate", 3_000_000, "bitrate", 3_000_000)]
    [InlineData("set-speed", 500, "speed", 500)]
    [InlineData("set-radius", 33, "radius", 33)]
    public async Task Each_slider_changes_the_stream(string slider, double to, string setting, double becomes)
    {
        await using var server = await ServerProcess.StartAsync();
        await using var visit = await chromium.VisitAsync(server.Address);
        await visit.PlaysAsync();
        await visit.SlideAsync(slider, to);
        await EventuallyAsync(async () => (await SettingsAsync(server)).GetProperty(setting).GetDouble() == becomes);
        await Assertions.Expect(visit.Page.Locator("#stream-note")).ToHaveTextAsync("Changed.");
        await visit.ShowsAsync("error", "value < 1");
        if (setting == "radius")
            await visit.ShowsAsync("position", "Math.abs(Number.parseFloat(text.split('r ')[1]) - 33) < 1");
    }

    [Fact]
    public async Task Size_and_bounce_change_the_stream_and_the_ball_is_still_found()
    {
        await using var server = await ServerProcess.StartAsync();
        await using var visit = await chromium.VisitAsync(server.Address);
        await visit.PlaysAsync();
        await visit.Page.Locator("#set-size").SelectOptionAsync("1280x720");
        await visit.Page.WaitForFunctionAsync("() => document.getElementById('video').videoWidth === 1280");
        await visit.Page.Locator("input[name=bounce][value=random]").CheckAsync();
        await EventuallyAsync(async () => (await SettingsAsync(server)).GetProperty("bounce").GetString() == "random");
        await visit.ShowsAsync("error", "value < 1");
        Assert.Equal(720, (await SettingsAsync(server)).GetProperty("height").GetInt32());
    }

    [Fact]
    public async Task The_finders_controls_do_what_they_say()
    {
        await using var server = await ServerProcess.StartAsync();
        await using var visit = await chromium.VisitAsync(server.Address);
        await visit.PlaysAsync();
        await visit.ShowsAsync("cost-note", "/\\d+x\\d+ px/.test(text)");
        await visit.Page.Locator("#find-follow").UncheckAsync();
        await visit.ShowsAsync("cost-note", "text.startsWith('whole picture')");
        foreach (var id in (string[])["show-search", "hold", "show-truth"])
            await visit.Page.Locator($"#{id}").ClickAsync();

        await visit.SlideAsync("find-contrast", 250);
        await visit.ShowsAsync("out-contrast", "value === 250");
        await visit.SlideAsync("find-contrast", 40);
        await visit.ShowsAsync("error", "value < 1");

        await visit.Page.Locator("#find-on").UncheckAsync();
        await visit.ShowsAsync("error", "text === '–'");
        await StandsStillAsync(async () => (await PeerAsync(server)).GetProperty("samples").GetInt64());
        Assert.Empty(visit.Complaints);
    }

    [Fact]
    public async Task A_browser_without_VideoFrame_finds_the_ball_by_pictures()
    {
        await using var server = await ServerProcess.StartAsync();
        await using var visit = await chromium.VisitAsync(server.Address, before: "delete globalThis.VideoFrame");
        await visit.PlaysAsync();
        await visit.ShowsAsync("error", "value < 1");
        Assert.DoesNotContain("hands out no frames", await visit.TextAsync("finder-note"));
    }

    [Fact]
    public async Task Controls_are_off_for_strangers_until_they_have_the_token()
    {
        await using var server = await ServerProcess.StartAsync("--token", "open-sesame");
        // A proxy in between makes a stranger of a visitor.
        var proxied = new BrowserNewContextOptions
        {
            ExtraHTTPHeaders = new Dictionary<string, string> { ["X-Forwarded-For"] = "192.0.2.9" },
        };
        await using var visit = await chromium.VisitAsync(server.Address, proxied);
        await visit.PlaysAsync();
        await Assertions.Expect(visit.Page.Locator("#set-fps")).ToBeDisabledAsync();
        await visit.Page.Locator("#token").FillAsync("open-sesame");
        await visit.Page.Locator("#token").PressAsync("Enter");
        await Assertions.Expect(visit.Page.Locator("#set-fps")).ToBeEnabledAsync();
        await visit.SlideAsync("set-fps", 45);
        await EventuallyAsync(async () => (await SettingsAsync(server)).GetProperty("fps").GetDouble() == 45);
    }

    [Fact]
    public async Task It_can_be_worked_by_keyboard_and_read_by_machines()
    {
        await using var server = await ServerProcess.StartAsync();
        await using var visit = await chromium.VisitAsync(server.Address);
        await visit.PlaysAsync();
        var unnamed = await visit.Page.EvaluateAsync<string[]>("""
            () => [...document.querySelectorAll("button, input, select, video, [role=img], [role=region]")]
              .filter(e => !e.labels?.length && !e.textContent.trim())
              .filter(e => !e.getAttribute("aria-label") && !e.getAttribute("aria-labelledby"))
              .map(e => e.outerHTML)
            """);
        Assert.Empty(unnamed);
        await visit.Page.Locator("#set-fps").FocusAsync();
        await visit.Page.Keyboard.PressAsync("ArrowRight");
        await EventuallyAsync(async () => (await SettingsAsync(server)).GetProperty("fps").GetDouble() == 31);
        await visit.Page.Keyboard.PressAsync("Shift+Tab");
        Assert.NotEqual("BODY", await visit.Page.EvaluateAsync<string>("() => document.activeElement.tagName"));
    }

    [Theory]
    [InlineData(360, 740)]
    [InlineData(768, 1024)]
    [InlineData(1920, 1080)]
    public async Task It_fits_every_screen(int width, int height)
    {
        await using var server = await ServerProcess.StartAsync();
        await using var visit = await chromium.VisitAsync(
            server.Address, new() { ViewportSize = new() { Width = width, Height = height } });
        await visit.PlaysAsync();
        Assert.True(await visit.Page.EvaluateAsync<bool>("() => document.documentElement.scrollWidth <= innerWidth"));
    }

    private static async Task<JsonElement> PeerAsync(ServerProcess server) =>
        Assert.Single((await server.StateAsync()).GetProperty("peers").EnumerateArray());

    private static async Task<JsonElement> SettingsAsync(ServerProcess server) =>
        (await server.StateAsync()).GetProperty("settings");

    /// <summary>Waits until a count no longer grows; what is under way still counts.</summary>
    internal static async Task<long> StandsStillAsync(Func<Task<long>> count)
    {
        var last = await count();
        await EventuallyAsync(async () =>
        {
            await Task.Delay(500);
            var before = last;
            last = await count();
            return last == before;
        });
        return last;
    }

    internal static async Task EventuallyAsync(Func<Task<bool>> condition)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!await condition())
            await Task.Delay(100, patience.Token);
    }
}
