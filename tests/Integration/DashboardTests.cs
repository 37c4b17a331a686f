using System.Reflection;
using System.Text.Json;
using Microsoft.Playwright;

namespace Integration;

/// <summary>The AppHost with its Dashboard, as a user has them: one start serves all these looks at it.</summary>
public sealed class DashboardTests(DashboardTests.Running running) : IClassFixture<DashboardTests.Running>
{
    private static readonly float s_patience = (float)RunningGraph.Patience.TotalMilliseconds;

    [Theory]
    [InlineData("server")]
    [InlineData("client")]
    [InlineData("detector")]
    public async Task Each_process_sends_logs_and_metrics_and_says_which_stack_it_runs_on(string name)
    {
        using var api = new DashboardApi(running.AppHost.Dashboard);

        var resource = await api.WaitForAsync("/api/telemetry/resources", answer => Find(answer, name)?.ToString());

        Assert.Contains(name, resource, StringComparison.Ordinal);
        var logs = await api.WaitForAsync(
            $"/api/telemetry/logs?resource={name}&limit=200",
            answer => answer.ToString() is var text && text.Contains("ball.stack") ? text : null);
        Assert.Contains(Stack, logs, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_frame_is_one_trace_through_all_three_processes()
    {
        using var api = new DashboardApi(running.AppHost.Dashboard);

        var whole = await api.WaitForAsync("/api/telemetry/spans?limit=500", answer =>
            Spans(answer).GroupBy(span => span.Trace)
                .Select(trace => trace.Select(span => $"{span.Service} {span.Name}").Order().ToArray())
                .FirstOrDefault(stages => stages.Length == 7));

        string[] expected =
        [
            "client decode", "client report", "detector detect", "detector pipe", "server encode", "server loop", "server paint",
        ];
        Assert.Equal(expected, whole);
    }

    [Fact]
    public async Task A_browser_logs_in_by_the_link_and_sees_the_three_processes_running()
    {
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await playwright.Chromium.LaunchAsync(Chromium.Options);
        var page = await browser.NewPageAsync();
        page.SetDefaultTimeout(s_patience);

        await page.GotoAsync((await running.AppHost.LoginAsync()).ToString());

        foreach (var name in RunningGraph.Names)
        {
            var row = page.GetByRole(AriaRole.Row).Filter(new LocatorFilterOptions { HasText = $"{name}.csproj" });
            await Assertions.Expect(row).ToContainTextAsync(
                "Running", new LocatorAssertionsToContainTextOptions { Timeout = s_patience });
        }
        await Assertions.Expect(page.GetByText("Unhealthy")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Without_the_key_the_dashboard_tells_nothing()
    {
        await running.AppHost.LoginAsync();
        using var http = new HttpClient { BaseAddress = running.AppHost.Dashboard };

        var answer = await http.GetAsync("/api/telemetry/resources");

        Assert.Equal(System.Net.HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    /// <summary>What this test was built on, and so the processes.</summary>
    private static string Stack => typeof(DashboardTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .First(attribute => attribute.Key == "ball.stack").Value!;

    private static JsonElement? Find(JsonElement answer, string name)
    {
        foreach (var element in Everything(answer))
        {
            if (element.ValueKind == JsonValueKind.Object
                && element.EnumerateObject().Select(member => member.Value)
                    .Any(value => value.ValueKind == JsonValueKind.String && value.GetString() == name))
                return element;
        }
        return null;
    }

    private static IEnumerable<(string Trace, string Service, string Name)> Spans(JsonElement answer)
    {
        foreach (var resource in Everything(answer).Where(element => Has(element, "scopeSpans")))
        {
            var service = resource.GetProperty("resource").GetProperty("attributes").EnumerateArray()
                .First(attribute => attribute.GetProperty("key").GetString() == "service.name")
                .GetProperty("value").GetProperty("stringValue").GetString()!;
            foreach (var span in Everything(resource).Where(element => Has(element, "traceId") && Has(element, "name")))
                yield return (span.GetProperty("traceId").GetString()!, service, span.GetProperty("name").GetString()!);
        }
    }

    private static bool Has(JsonElement element, string member) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(member, out _);

    private static IEnumerable<JsonElement> Everything(JsonElement element)
    {
        yield return element;
        var inner = element.ValueKind switch
        {
            JsonValueKind.Object => element.EnumerateObject().Select(member => member.Value),
            JsonValueKind.Array => element.EnumerateArray(),
            _ => [],
        };
        foreach (var deeper in inner.SelectMany(Everything))
            yield return deeper;
    }

    public sealed class Running : IDisposable
    {
        internal AppHostProgram AppHost { get; } = new();

        public void Dispose() => AppHost.Dispose();
    }
}
