using System.Net;
using System.Text;
using System.Text.Json;
using Ball.World;
using BallServer.Streaming;
using BallServer.Web.Api;

namespace BallServer.Tests.Web;

public class SettingsTests
{
    [Fact]
    public void What_is_given_changes_and_nothing_else()
    {
        var before = new StreamSettings();
        var after = Read(
            """{"fps":60,"bounce":"random","width":1280,"height":720,"bitrate":4000000,"speed":500,"radius":10.5,"seed":-3}""")
            .ApplyTo(before);
        Assert.Equal(before with
        {
            Fps = 60,
            Bitrate = 4_000_000,
            World = before.World with
            {
                Width = 1280,
                Height = 720,
                Bounce = BounceMode.Random,
                Speed = 500,
                Radius = 10.5,
                Seed = -3,
            },
        }, after);
        Assert.Equal(before, Read("{}").ApplyTo(before));
    }

    [Theory]
    [InlineData("""{"fps":0}""")]
    [InlineData("""{"fps":121}""")]
    [InlineData("""{"fps":"60"}""")]
    [InlineData("""{"fps":null}""")]
    [InlineData("""{"fps":1e999}""")]
    [InlineData("""{"width":161}""")]
    [InlineData("""{"width":8000}""")]
    [InlineData("""{"height":100}""")]
    [InlineData("""{"height":240.5}""")]
    [InlineData("""{"bitrate":1}""")]
    [InlineData("""{"bitrate":99999999999}""")]
    [InlineData("""{"speed":-1}""")]
    [InlineData("""{"radius":0}""")]
    [InlineData("""{"bounce":"wild"}""")]
    [InlineData("""{"bounce":1}""")]
    [InlineData("""{"seed":1.5}""")]
    [InlineData("""{"colour":"red"}""")]
    [InlineData("[]")]
    [InlineData("3")]
    [InlineData("")]
    [InlineData("{")]
    public void What_is_out_of_bounds_is_refused_with_a_reason(string json)
    {
        Assert.False(SettingsChange.TryRead(Encoding.UTF8.GetBytes(json), out _, out var problem));
        Assert.NotEmpty(problem);
        Assert.DoesNotContain('\n', problem);
    }

    [Fact]
    public void Garbage_is_refused_without_a_fuss()
    {
        var random = new Random(2);
        var good = Encoding.UTF8.GetBytes("""{"fps":60,"bounce":"random","width":1280,"speed":500.5}""");
        for (var i = 0; i < 20_000; i++)
        {
            var bytes = good.ToArray();
            for (var n = random.Next(1, 6); n > 0; n--)
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            if (SettingsChange.TryRead(bytes, out var change, out var problem))
                Assert.True(change.Fps is null or >= 1 and <= 120);
            else
                Assert.NotEmpty(problem);
        }
    }

    [Theory]
    [InlineData("PUT")]
    [InlineData("POST")]
    public async Task A_person_at_this_machine_changes_the_stream(string method)
    {
        await using var server = await RunningServer.StartAsync();
        using var response = await server.SendAsync(
            new HttpMethod(method), "/api/settings", """{"fps":60,"width":320,"height":240}""");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(60, server.Stream.Settings.Fps);
        Assert.Equal((320, 240), (server.Stream.World.Options.Width, server.Stream.World.Options.Height));
        var state = await server.StateAsync();
        Assert.Equal(60, state.GetProperty("settings").GetProperty("fps").GetDouble());
        Assert.True(state.GetProperty("controls").GetProperty("allowed").GetBoolean());
    }

    [Fact]
    public async Task What_makes_no_world_is_refused_and_changes_nothing()
    {
        await using var server = await RunningServer.StartAsync();
        var before = server.Stream.Settings;
        using var response = await server.SendAsync(
            HttpMethod.Put, "/api/settings", """{"width":160,"height":120,"radius":90}""");
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        using var answer = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        Assert.Contains("no room", answer.RootElement.GetProperty("problem").GetString());
        Assert.Equal(before, server.Stream.Settings);
    }

    [Theory]
    [InlineData("Origin", "https://evil.example")]
    [InlineData("X-Forwarded-For", "192.0.2.7")]
    [InlineData("Forwarded", "for=192.0.2.7")]
    public async Task Pages_of_others_and_proxied_strangers_change_nothing(string header, string value)
    {
        await using var server = await RunningServer.StartAsync();
        using var response = await server.SendAsync(HttpMethod.Put, "/api/settings", """{"fps":60}""", headers: (header, value));
        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Equal(30, server.Stream.Settings.Fps);
    }

    [Fact]
    public async Task The_token_counts_from_anywhere_and_a_wrong_one_does_not()
    {
        await using var server = await RunningServer.StartAsync(options => options with { Token = "open sesame" });
        (string, string) far = ("X-Forwarded-For", "192.0.2.7");
        using var without = await server.SendAsync(HttpMethod.Put, "/api/settings", """{"fps":60}""", headers: far);
        Assert.Equal(HttpStatusCode.Forbidden, without.StatusCode);
        using var wrong = await server.SendAsync(
            HttpMethod.Put, "/api/settings", """{"fps":60}""", headers: [far, ("Authorization", "Bearer open sesam")]);
        Assert.Equal(HttpStatusCode.Forbidden, wrong.StatusCode);
        using var right = await server.SendAsync(
            HttpMethod.Put, "/api/settings", """{"fps":60}""", headers: [far, ("Authorization", "Bearer open sesame")]);
        Assert.Equal(HttpStatusCode.OK, right.StatusCode);
    }

    [Fact]
    public async Task A_form_of_another_page_is_no_change()
    {
        await using var server = await RunningServer.StartAsync();
        using var form = await server.SendAsync(HttpMethod.Post, "/api/settings", "fps=60", "application/x-www-form-urlencoded");
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, form.StatusCode);
        using var text = await server.SendAsync(HttpMethod.Post, "/api/settings", """{"fps":60}""", "text/plain");
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, text.StatusCode);
        using var longer = await server.SendAsync(HttpMethod.Post, "/api/settings", "{" + new string(' ', 10_000) + "}");
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, longer.StatusCode);
    }

    private static SettingsChange Read(string json)
    {
        Assert.True(SettingsChange.TryRead(Encoding.UTF8.GetBytes(json), out var change, out var problem), problem);
        return change;
    }
}
