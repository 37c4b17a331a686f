using System.Text.Json;

namespace Page.Tests;

/// <summary>Browsers show no frames in a tab that nobody sees.</summary>
public class HiddenTests
{
    /// <summary>Longer than a page waits for video that stands still before it connects anew.</summary>
    private static readonly TimeSpan s_away = TimeSpan.FromSeconds(15);

    [Fact]
    public async Task A_hidden_tab_says_that_it_pauses_reports_nothing_and_goes_on_when_it_is_seen()
    {
        await using var server = await ServerProcess.StartAsync();
        await using var tabs = await Tabs.OpenAsync(server.Address);
        var page = await tabs.FindAsync("Ball");
        await PageTests.EventuallyAsync(async () => await SamplesAsync(server) >= 30);

        await tabs.AddAsync();
        Assert.Equal(page, await tabs.FindAsync("Ball: paused"));
        var before = await PageTests.StandsStillAsync(() => SamplesAsync(server));
        await Task.Delay(s_away);
        // One that was under way when the tab went.
        Assert.InRange(await SamplesAsync(server) - before, 0, 1);

        await tabs.ShowAsync(page);
        Assert.Equal(page, await tabs.FindAsync("Ball"));
        await PageTests.EventuallyAsync(async () => await SamplesAsync(server) >= before + 30);
        Assert.Equal("page 1", Assert.Single(await PeersAsync(server)).GetProperty("name").GetString());
    }

    private static async Task<JsonElement[]> PeersAsync(ServerProcess server) =>
        [.. (await server.StateAsync()).GetProperty("peers").EnumerateArray()];

    private static async Task<long> SamplesAsync(ServerProcess server) =>
        (await PeersAsync(server)).Sum(peer => peer.GetProperty("samples").GetInt64());
}
