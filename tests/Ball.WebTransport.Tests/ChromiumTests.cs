using Microsoft.Playwright;

namespace Ball.WebTransport.Tests;

/// <summary>What a page can do, in a real browser.</summary>
public sealed class ChromiumTests(Browser browser) : IClassFixture<Browser>
{
    [Fact]
    public async Task A_page_opens_a_session_and_gets_its_bytes_back()
    {
        await using var server = await EchoServer.StartAsync();
        var page = await browser.OpenPageAsync();
        string text = await page.EvaluateAsync<string>(
            """
            async ([url, hashes]) => {
              const transport = await connect(url, hashes);
              const echoed = await echo(transport, new TextEncoder().encode('where is the ball?'));
              return new TextDecoder().decode(echoed);
            }
            """,
            server.PageArguments());
        Assert.Equal("where is the ball?", text);
    }
}
