using System.Net;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Dashboard;
using Aspire.Hosting.Dashboard.Protocol;
using Aspire.Hosting.Testing;
using Google.Protobuf;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Aspire.Hosting.Tests;

public class DashboardTests
{
    [Fact]
    public async Task The_Dashboard_lets_in_who_has_the_token_and_sees_the_resources()
    {
        await using var builder = WithDashboard();
        builder.Configuration["ASPNETCORE_URLS"] = "http://localhost:0";
        builder.AddShell("one", "echo hello; echo oops >&2; sleep 1000").WithHttpEndpoint().WithIconName("Ball")
            .WithParentRelationship(builder.AddShell("two", "sleep 1000").WithHidden())
            .WithCommand("greet", "Greet", _ => Task.FromResult(CommandResults.Success("hi")));
        await using var app = await builder.StartAsync();
        var login = new Uri(await app.Services.GetRequiredService<DashboardInfo>().LoginUrl.WaitAsync(TestApp.Limit));

        using var browser = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false });
        using var stranger = await browser.GetAsync(new Uri(login, "/"), TestApp.Limit);
        Assert.Equal(HttpStatusCode.Redirect, stranger.StatusCode);
        using var guest = await browser.GetAsync(login, TestApp.Limit);
        Assert.Contains(
            guest.Headers.GetValues("Set-Cookie"), c => c.StartsWith(".Aspire.Dashboard.Auth", StringComparison.Ordinal));
        using var telemetry = await browser.GetAsync(new Uri(login, "/api/telemetry/resources"), TestApp.Limit);
        Assert.Equal(HttpStatusCode.Unauthorized, telemetry.StatusCode);

        var url = app.Services.GetRequiredService<ResourceServiceHost>().Url;
        var key = app.Services.GetRequiredService<IConfiguration>()[DashboardInfo.ResourceServiceKey]!;
        using (var refused = await CallAsync(url, "WatchResources", new WatchResourcesRequest(), "wrong"))
            Assert.Equal("16", refused.Headers.GetValues("grpc-status").Single());
        using (var unknown = await CallAsync(url, "NoSuchCall", new WatchResourcesRequest(), key))
            Assert.Equal("12", unknown.Headers.GetValues("grpc-status").Single());

        using var watching = await CallAsync(url, "WatchResources", new WatchResourcesRequest(), key);
        var stream = await watching.Content.ReadAsStreamAsync(TestApp.Limit);
        Assert.NotNull((await ReadAsync(stream, WatchResourcesUpdate.Parser)).InitialData);
        var seen = await FirstAsync(stream, r => r.DisplayName == "one" && r.State == "Running");
        Assert.Contains(seen.Commands, c => c.Name == "greet");
        Assert.Contains(seen.Urls, u => u.EndpointName == "http");
        Assert.Contains(seen.Relationships, r => r is { ResourceName: "two", Type: "Parent" });
        Assert.Equal("Ball", seen.IconName);
        Assert.True(app.ResourceNotifications.TryGetCurrentState("two", out var two));
        Assert.True(two.Snapshot.IsHidden);

        using var greeting = await CallAsync(
            url, "ExecuteResourceCommand", new ResourceCommandRequest { ResourceName = seen.Name, CommandName = "greet" }, key);
        var answer = await ReadAsync(await greeting.Content.ReadAsStreamAsync(TestApp.Limit), ResourceCommandResponse.Parser);
        Assert.Equal((ResourceCommandResponseKind.Succeeded, "hi"), (answer.Kind, answer.Message));

        using var logs = await CallAsync(
            url, "WatchResourceConsoleLogs", new WatchResourceConsoleLogsRequest { ResourceName = seen.Name }, key);
        var log = await logs.Content.ReadAsStreamAsync(TestApp.Limit);
        var lines = new List<ConsoleLogLine>();
        while (!Said("hello").Any() || !Said("oops").Any())
            lines.AddRange((await ReadAsync(log, WatchResourceConsoleLogsUpdate.Parser)).LogLines);
        Assert.False(Said("hello").Single().IsStdErr);
        Assert.True(Said("oops").Single().IsStdErr);

        IEnumerable<ConsoleLogLine> Said(string text) => lines.Where(l => l.Text.EndsWith($"Z {text}", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Telemetry_is_taken_from_who_has_the_key_and_the_processes_are_given_it()
    {
        await using var builder = WithDashboard();
        builder.AddShell("one", "echo told=$OTEL_EXPORTER_OTLP_HEADERS; sleep 1000").WithOtlpExporter();
        await using var app = await builder.StartAsync();
        await app.Services.GetRequiredService<DashboardInfo>().LoginUrl.WaitAsync(TestApp.Limit);
        var key = app.Services.GetRequiredService<IConfiguration>()[DashboardInfo.OtlpApiKey];
        await app.LogLineWith("one", $"told=x-otlp-api-key={key}");

        using var client = app.CreateHttpClient(DashboardResource.Name, DashboardResource.OtlpHttpEndpoint);
        Assert.Equal(HttpStatusCode.Unauthorized, await SendAsync("wrong"));
        Assert.Equal(HttpStatusCode.OK, await SendAsync(key!));

        async Task<HttpStatusCode> SendAsync(string withKey)
        {
            using var nothing = new ByteArrayContent([]);
            nothing.Headers.ContentType = new("application/x-protobuf");
            nothing.Headers.Add("x-otlp-api-key", withKey);
            using var answer = await client.PostAsync("/v1/traces", nothing, TestApp.Limit);
            return answer.StatusCode;
        }
    }

    private static IDistributedApplicationTestingBuilder WithDashboard() =>
        DistributedApplicationTestingBuilder.Create([], (options, _) => options.DisableDashboard = false);

    private static async Task<HttpResponseMessage> CallAsync(string url, string method, IMessage message, string key)
    {
        var client = new HttpClient();
        var body = message.ToByteArray();
        var request = new HttpRequestMessage(HttpMethod.Post, $"{url}/aspire.v1.DashboardService/{method}")
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent([0, 0, 0, 0, (byte)body.Length, .. body]),
        };
        request.Headers.Add("x-resource-service-api-key", key);
        request.Content.Headers.ContentType = new("application/grpc");
        return await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestApp.Limit);
    }

    private static async Task<T> ReadAsync<T>(Stream stream, MessageParser<T> parser) where T : IMessage<T>
    {
        var header = new byte[5];
        await stream.ReadExactlyAsync(header, TestApp.Limit);
        var body = new byte[System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(1))];
        await stream.ReadExactlyAsync(body, TestApp.Limit);
        return parser.ParseFrom(body);
    }

    private static async Task<Aspire.Hosting.Dashboard.Protocol.Resource> FirstAsync(
        Stream stream, Func<Aspire.Hosting.Dashboard.Protocol.Resource, bool> predicate)
    {
        while (true)
        {
            foreach (var change in (await ReadAsync(stream, WatchResourcesUpdate.Parser)).Changes.Value)
            {
                if (change.Upsert is { } resource && predicate(resource)) return resource;
            }
        }
    }
}
