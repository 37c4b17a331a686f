using System.Net;
using System.Text;
using BallServer.Web.Access;
using Microsoft.AspNetCore.Http;

namespace BallServer.Tests.Web;

public class AccessTests
{
    [Theory]
    [InlineData("localhost:5080", true)]
    [InlineData("LOCALHOST", true)]
    [InlineData("ball.localhost:1", true)]
    [InlineData("127.0.0.1:5080", true)]
    [InlineData("192.0.2.7:5080", true)]
    [InlineData("[::1]:5080", true)]
    [InlineData("ball.example", true)]
    [InlineData("Other.Example:443", true)]
    [InlineData("bound.example:5080", true)]
    [InlineData("evil.example:5080", false)]
    [InlineData("localhost.evil.example", false)]
    [InlineData("ball.example.evil.example", false)]
    [InlineData("server:8080", true)]
    [InlineData("notlocalhost.", false)]
    [InlineData("", false)]
    public void Only_known_names_and_bare_addresses_are_hosts(string host, bool known)
    {
        var policy = new HostPolicy("ball.example, other.example", "http://*:5080;http://bound.example:5080");
        Assert.Equal(known, policy.Knows(new HostString(host)));
    }

    [Theory]
    [InlineData("http://localhost:5080", "localhost:5080", true)]
    [InlineData("https://ball.example", "ball.example", true)]
    [InlineData("http://ball.example", "ball.example", true)]
    [InlineData("http://[::1]:5080", "[::1]:5080", true)]
    [InlineData("http://localhost:5081", "localhost:5080", false)]
    [InlineData("https://evil.example", "localhost:5080", false)]
    [InlineData("https://localhost:5080.evil.example", "localhost:5080", false)]
    [InlineData("ftp://localhost:5080", "localhost:5080", false)]
    [InlineData("null", "localhost:5080", false)]
    [InlineData("", "localhost:5080", false)]
    public void An_origin_is_ours_by_host_and_port(string origin, string host, bool ours) =>
        Assert.Equal(ours, OriginPolicy.IsOurs(origin, new HostString(host)));

    [Theory]
    [InlineData("/")]
    [InlineData("/api/state")]
    [InlineData("/session")]
    [InlineData("/js/main.js")]
    public async Task A_foreign_name_gets_nothing(string path)
    {
        await using var server = await RunningServer.StartAsync();
        using var response = await server.SendAsync(HttpMethod.Get, path, headers: ("Host", "rebound.example"));
        Assert.Equal(HttpStatusCode.MisdirectedRequest, response.StatusCode);
        using var health = await server.SendAsync(HttpMethod.Get, "/health", headers: ("Host", "rebound.example"));
        Assert.Equal(HttpStatusCode.OK, health.StatusCode);
    }

    [Theory]
    [InlineData("/", "text/html")]
    [InlineData("/js/main.js", "text/javascript")]
    [InlineData("/page.css", "text/css")]
    [InlineData("/icon.svg", "image/svg+xml")]
    public async Task The_page_comes_with_strict_headers(string path, string type)
    {
        await using var server = await RunningServer.StartAsync();
        using var response = await server.Http.GetAsync(path);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(type, response.Content.Headers.ContentType?.MediaType);
        var policy = Assert.Single(response.Headers.GetValues("Content-Security-Policy"));
        Assert.Contains("default-src 'none'", policy);
        Assert.Contains("script-src 'self';", policy);
        Assert.Contains("frame-ancestors 'none'", policy);
        Assert.DoesNotContain("unsafe", policy);
        Assert.Equal("nosniff", Assert.Single(response.Headers.GetValues("X-Content-Type-Options")));
        Assert.Equal("no-referrer", Assert.Single(response.Headers.GetValues("Referrer-Policy")));
        Assert.False(response.Headers.Contains("Server"));
    }

    [Theory]
    [InlineData("/../appsettings.json")]
    [InlineData("/%2e%2e/BallServer.dll")]
    [InlineData("/BallServer.dll")]
    [InlineData("/package.json")]
    public async Task Nothing_but_the_page_is_served(string path)
    {
        await using var server = await RunningServer.StartAsync();
        using var response = await server.Http.GetAsync(path);
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    [Fact]
    public async Task Who_asks_too_often_has_to_wait()
    {
        await using var server = await RunningServer.StartAsync();
        // A machine that answers slowly meets no limit with a few.
        var statuses = new HashSet<HttpStatusCode>();
        using var patience = new CancellationTokenSource(RunningServer.Patience);
        while (!statuses.Contains(HttpStatusCode.TooManyRequests))
        {
            patience.Token.ThrowIfCancellationRequested();
            statuses.UnionWith(await Task.WhenAll(Enumerable.Range(0, 300).Select(_ => AskAsync())));
        }
        Assert.Contains(HttpStatusCode.OK, statuses);

        async Task<HttpStatusCode> AskAsync()
        {
            using var response = await server.Http.GetAsync("/api/state");
            return response.StatusCode;
        }
    }

    [Fact]
    public async Task The_live_feed_tells_how_things_are_until_the_server_stops()
    {
        await using var server = await RunningServer.StartAsync();
        using var feed = await server.Http.GetAsync("/api/events", HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal("text/event-stream", feed.Content.Headers.ContentType?.MediaType);
        using var reader = new StreamReader(await feed.Content.ReadAsStreamAsync(), Encoding.UTF8);
        for (var i = 0; i < 3; i++)
        {
            Assert.StartsWith("""data: {"version":1,""", await reader.ReadLineAsync().WaitAsync(RunningServer.Patience));
            Assert.Equal("", await reader.ReadLineAsync().WaitAsync(RunningServer.Patience));
        }
        await server.Sessions.StopAsync();
        while (await reader.ReadLineAsync().WaitAsync(RunningServer.Patience) is not null)
        {
        }
    }
}
