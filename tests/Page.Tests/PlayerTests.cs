using System.Diagnostics;
using System.Net;
using System.Text.Json;

namespace Page.Tests;

/// <summary>WHEP players that know nothing of this server: a page of another origin, and a program on aiortc.</summary>
public class PlayerTests(Chromium chromium) : IClassFixture<Chromium>
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(1);
    private static readonly string s_players = Path.Combine(AppContext.BaseDirectory, "players");

    [Fact]
    public async Task A_page_of_a_listed_origin_plays_sends_candidates_and_ends()
    {
        await using var site = await PlayerSite.StartAsync(s_players);
        await using var server = await ServerProcess.StartAsync("--origins", site.Origin);
        await using var visit = await chromium.VisitAsync($"{site.Origin}/player.html");

        Assert.Equal(204, await visit.Page.EvaluateAsync<int>("endpoint => play(endpoint)", $"{server.Address}whep"));
        await visit.Page.WaitForFunctionAsync("() => seen.frames >= 30 && video.videoWidth === 640");
        Assert.Equal(412, await visit.Page.EvaluateAsync<int>("() => patch('\"another\"', '')"));
        Assert.Equal(422, await visit.Page.EvaluateAsync<int>("() => patch('*', '')"));
        Assert.StartsWith("player ", Assert.Single(await PeersAsync(server)).GetProperty("name").GetString());

        Assert.Equal(200, await visit.Page.EvaluateAsync<int>("() => end()"));
        await PageTests.EventuallyAsync(async () => (await PeersAsync(server)).Length == 0);
    }

    [Fact]
    public async Task A_page_of_another_origin_is_kept_out_by_server_and_browser()
    {
        await using var site = await PlayerSite.StartAsync(s_players);
        await using var server = await ServerProcess.StartAsync();
        await using var visit = await chromium.VisitAsync($"{site.Origin}/player.html");

        Assert.Equal("TypeError", await visit.Page.EvaluateAsync<string>(
            "endpoint => play(endpoint).then(() => 'played', error => error.name)", $"{server.Address}whep"));
        Assert.Empty(await PeersAsync(server));
    }

    [Fact]
    public async Task A_program_on_aiortc_plays_and_ends()
    {
        await using var server = await ServerProcess.StartAsync("--size", "320x240");
        var start = new ProcessStartInfo(
            "/usr/bin/python3", [Path.Combine(s_players, "player.py"), $"{server.Address}whep", "30"])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        };
        using var player = Process.Start(start)!;
        using var patience = new CancellationTokenSource(s_patience);
        var said = player.StandardOutput.ReadToEndAsync(patience.Token);
        var complained = player.StandardError.ReadToEndAsync(patience.Token);
        await player.WaitForExitAsync(patience.Token);

        Assert.True(player.ExitCode == 0, await complained);
        Assert.Equal("""{"created": 201, "frames": 30, "sizes": ["320x240"], "ended": 200}""", (await said).Trim());
        await PageTests.EventuallyAsync(async () => (await PeersAsync(server)).Length == 0);
    }

    private static async Task<JsonElement[]> PeersAsync(ServerProcess server) =>
        [.. (await server.StateAsync()).GetProperty("peers").EnumerateArray()];
}
