using System.Diagnostics;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;

namespace Aspire.Hosting.Tests;

public class AppHostTests
{
    [Fact]
    public async Task An_AppHost_is_tested_and_changed()
    {
        await using var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.Playground_AppHost>(
            ["--Parameters:greeting=unused"], TestApp.Limit);
        builder.CreateResourceBuilder<ProjectResource>("api").WithEnvironment("CHANGED", "by the test");
        await using var app = await builder.BuildAsync(TestApp.Limit);
        await app.StartAsync(TestApp.Limit);
        await app.Healthy("front");
        using var client = app.CreateHttpClient("api");
        Assert.Equal("by the test", await client.GetStringAsync("/env/CHANGED"));
        Assert.Equal("hello", await client.GetStringAsync("/env/GREETING"));
        Assert.Equal("http", await client.GetStringAsync("/env/PLAYGROUND_PROFILE"));
        Assert.NotEqual(15290, app.GetEndpoint("api").Port);
    }

    [Fact]
    public async Task Two_tests_of_one_AppHost_run_beside_each_other()
    {
        var addresses = await Task.WhenAll(RunAsync(), RunAsync());
        Assert.NotEqual(addresses[0], addresses[1]);

        static async Task<Uri> RunAsync()
        {
            await using var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.Playground_AppHost>(TestApp.Limit);
            await using var app = await builder.BuildAsync(TestApp.Limit);
            await app.StartAsync(TestApp.Limit);
            await app.Healthy("api");
            return app.GetEndpoint("api");
        }
    }

    [Fact]
    public async Task A_program_that_fails_is_reported()
    {
        var e = await Assert.ThrowsAsync<InvalidOperationException>(() =>
            DistributedApplicationTestingBuilder.CreateAsync<Projects.Playground_AppHost>(["--Playground:FailToBuild=true"], TestApp.Limit));
        Assert.Equal("told to fail", e.Message);
    }

    [Fact]
    public async Task An_application_that_is_never_started_can_be_disposed_of()
    {
        var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.Playground_AppHost>(TestApp.Limit);
        await builder.DisposeAsync();
        builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.Playground_AppHost>(TestApp.Limit);
        await builder.BuildAsync(TestApp.Limit);
        await builder.DisposeAsync();
    }

    [Theory]
    [InlineData("TERM")]
    [InlineData("KILL")]
    public async Task No_process_is_left_when_an_AppHost_ends(string signal)
    {
        var mark = Guid.NewGuid().ToString("N");
        using var host = Start(mark);
        var login = await LineWithAsync(host, "Login to the dashboard at ");
        Assert.Matches("http://localhost:[0-9]+/login[?]t=[0-9a-f]{32}", login);
        Assert.NotEmpty(Marked(mark));

        using (var kill = Process.Start("kill", [$"-{signal}", host.Id.ToString()])) await kill.WaitForExitAsync(TestApp.Limit);
        await host.WaitForExitAsync(TestApp.Limit);
        var limit = TestApp.Limit;
        while (Marked(mark) is { Count: > 0 } left)
        {
            Assert.False(limit.IsCancellationRequested, $"left: {string.Join(", ", left)}");
            await Task.Delay(100);
        }
    }

    private static Process Start(string mark)
    {
        var dll = typeof(Projects.Playground_AppHost).Assembly.Location;
        var start = new ProcessStartInfo("dotnet", [dll, "--DcpPublisher:RandomizePorts=true"])
        {
            RedirectStandardOutput = true,
            WorkingDirectory = Projects.Playground_AppHost.ProjectPath,
        };
        start.Environment["DOTNET_ENVIRONMENT"] = "Development";
        start.Environment["PLAYGROUND_MARK"] = mark;
        return Process.Start(start)!;
    }

    private static async Task<string> LineWithAsync(Process process, string text)
    {
        var limit = TestApp.Limit;
        while (await process.StandardOutput.ReadLineAsync(limit) is { } line)
        {
            if (line.Contains(text, StringComparison.Ordinal)) return line;
        }

        throw new InvalidOperationException($"The AppHost ended without saying '{text}'.");
    }

    /// <summary>All processes that have inherited the mark: the AppHost's, the engine's, the Dashboard's, the resources'.</summary>
    private static List<string> Marked(string mark)
    {
        var found = new List<string>();
        foreach (var folder in Directory.EnumerateDirectories("/proc").Where(d => int.TryParse(Path.GetFileName(d), out _)))
        {
            try
            {
                if (File.ReadAllText(Path.Join(folder, "environ")).Contains(mark, StringComparison.Ordinal))
                    found.Add(File.ReadAllText(Path.Join(folder, "cmdline")).Replace('\0', ' '));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // It has just ended.
            }
        }

        return found;
    }
}
