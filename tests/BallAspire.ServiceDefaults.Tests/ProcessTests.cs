using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;

namespace BallAspire.ServiceDefaults.Tests;

/// <summary>A whole process with the defaults, on a port of its own.</summary>
public sealed class ProcessTests
{
    [Fact]
    public async Task A_process_is_alive_and_ready()
    {
        await using var app = await StartAsync();
        using var http = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };

        Assert.Equal("Healthy", await http.GetStringAsync("/health"));
        Assert.Equal("Healthy", await http.GetStringAsync("/alive"));
    }

    [Fact]
    public async Task A_process_whose_check_fails_is_alive_but_not_ready()
    {
        await using var app = await StartAsync(configure: builder =>
            builder.Services.AddHealthChecks().AddCheck("pipe", () => HealthCheckResult.Unhealthy()));
        using var http = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };

        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await http.GetAsync("/health")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("/alive")).StatusCode);
    }

    [Fact]
    public async Task One_process_reaches_another_by_name()
    {
        await using var server = await StartAsync();
        await using var client = await StartAsync(("services:server:http:0", server.Urls.First()));
        var http = client.Services.GetRequiredService<IHttpClientFactory>().CreateClient();

        Assert.Equal("Healthy", await http.GetStringAsync("http://server/alive"));
    }

    [Fact]
    public async Task Logs_metrics_and_traces_arrive_with_the_key_and_say_which_stack()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        using var source = new ActivitySource("Ball");
        using var meter = new Meter("Ball");

        await using (var app = await StartAsync(
            ("OTEL_EXPORTER_OTLP_ENDPOINT", receiver.Url),
            ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"),
            ("OTEL_EXPORTER_OTLP_HEADERS", "x-otlp-api-key=secret")))
        {
            source.StartActivity("bounce")!.Dispose();
            meter.CreateCounter<int>("ball.frames").Add(1);
            app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("test").LogInformation("the ball is round");
            using var http = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
            await http.GetStringAsync("/alive");
            await http.GetStringAsync("/ball");
            await app.StopAsync();
        }

        var traces = await receiver.WaitForAsync("traces", "bounce");
        var metrics = await receiver.WaitForAsync("metrics", "ball.frames");
        var logs = await receiver.WaitForAsync("logs", "the ball is round");
        Assert.All([traces, metrics, logs], signal => Assert.Contains(BallStack.Name, signal[signal.IndexOf("ball.stack")..]));
        Assert.All([traces, metrics, logs], signal => Assert.StartsWith("key=secret", signal));
        Assert.Contains("dotnet.gc", metrics);
        Assert.Contains("GET /ball", traces);
        Assert.DoesNotContain("GET /alive", traces);
    }

    [Fact]
    public async Task What_cannot_be_disposed_of_holds_up_nobody_at_the_end()
    {
        var app = await StartAsync(configure: builder => builder.Services.AddSingleton<Stubborn>());
        using var stubborn = app.Services.GetRequiredService<Stubborn>();

        await app.EndAsync().WaitAsync(TimeSpan.FromSeconds(20));

        stubborn.GiveIn.Set();
    }

    /// <summary>As an exporter that flushes to a collector which is gone: it blocks whoever disposes of it.</summary>
    private sealed class Stubborn : IDisposable
    {
        public ManualResetEventSlim GiveIn { get; } = new();

        public void Dispose() => GiveIn.Wait(TimeSpan.FromSeconds(60));
    }

    private static async Task<WebApplication> StartAsync(
        (string Key, string Value) first = default,
        (string Key, string Value) second = default,
        (string Key, string Value) third = default,
        Action<WebApplicationBuilder>? configure = null)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = "Production" });
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.SetMinimumLevel(LogLevel.Information);
        foreach (var (key, value) in new[] { first, second, third })
        {
            if (key is not null)
                builder.Configuration.AddInMemoryCollection([new(key, value)]);
        }
        builder.AddServiceDefaults();
        configure?.Invoke(builder);
        var app = builder.Build();
        app.MapDefaultEndpoints();
        app.MapGet("/ball", () => "round");
        await app.StartAsync();
        return app;
    }
}
